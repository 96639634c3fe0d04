"""`samo serve`: the journal-analysis service."""

import os
import socket

import click

from samo.dl.app import create_app
from samo.dl.emotion import EmotionModel
from samo.dl.manager import ModelManager
from samo.dl.model_folder import DESCRIPTION, load_model
from samo.dl.places import DEFAULT_MODEL, VARIABLE, models_folder
from samo.dl.server import listen, serve


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port; 0 takes a free one.",
)
def command(host: str, port: int) -> int:
    """Start the journal-analysis service, and answer until Ctrl-C.

    \b
    Example:
      samo serve --port 8080
      curl -s http://127.0.0.1:8080/v1/analyze -H 'Content-Type: application/json' \\
        -d '{"text": "We laughed so much today!"}'
    """
    models = _models()
    listener = _listener(host, port)
    serve(create_app(models), listener, when_ready=lambda: _announce(listener))
    return 0


def _models() -> ModelManager[EmotionModel]:
    folder = models_folder(os.environ)
    if not (folder / DEFAULT_MODEL / DESCRIPTION).is_file():
        reason = f"no model '{DEFAULT_MODEL}' in {folder}"
        raise click.ClickException(f"{reason} ({VARIABLE} names the folder of the models)")
    return ModelManager(lambda name: load_model(folder / name))


def _listener(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except (OSError, UnicodeError) as error:
        told = error.strerror if isinstance(error, OSError) else "no host has such a name"
        reason = f"can't listen at {host}:{port}: {told}"
        raise click.ClickException(f"{reason} (--host and --port choose another)") from error


def _announce(listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"samo serve: answers at http://{shown}:{port} (Ctrl-C ends it)")
