"""The floor: what any runner in Python must pay to run a config's jobs.

`floor.py CONFIG COUNT` reads the config with libyaml, keeps the order of the graph, and runs each
step in a bash of its own as CircleCI does, its output captured, so many jobs at once.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

import yaml

SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")


def main() -> None:
    config = yaml.load(Path(sys.argv[1]).read_bytes(), yaml.CSafeLoader)
    asyncio.run(run(config, int(sys.argv[2])))


async def run(config: dict[str, Any], count: int) -> None:
    """Run all jobs of the config's one workflow; the first that fails ends it all."""
    [workflow] = config["workflows"].values()
    needs: dict[str, list[str]] = {}
    for item in workflow["jobs"]:
        [(name, keys)] = item.items() if isinstance(item, dict) else [(item, {})]
        needs[name] = keys.get("requires", [])
    ended = {name: asyncio.Event() for name in needs}
    room = asyncio.Semaphore(count)

    async def job(name: str) -> None:
        for need in needs[name]:
            await ended[need].wait()
        async with room:
            for step in config["jobs"][name]["steps"]:
                await run_step(step["run"])
        ended[name].set()

    async with asyncio.TaskGroup() as group:
        for name in needs:
            group.create_task(job(name))


async def run_step(command: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *SHELL,
        command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    if process.returncode:
        sys.exit(f"exit status {process.returncode}: {command}\n{output.decode()}")


if __name__ == "__main__":
    main()
