import base64
import hashlib
from contextlib import contextmanager

import pytest

from samo.engine.cache_key import CacheKeyError, KeyFacts, cache_key


def facts(folder=None, **variables):
    @contextmanager
    def fetch(path):
        yield folder / path

    return KeyFacts(variables=variables, fetch=fetch, epoch_s=1700000000, arch="linux-x86_64")


def test_templates_take_their_values_from_the_built_in_variables():
    known = facts(CIRCLE_BRANCH="feature/x", CIRCLE_SHA1="1a2b", CIRCLE_BUILD_NUM="7", MY="m")

    assert (
        cache_key("v1-{{ .Branch }}-{{.Revision}}-{{ .BuildNum }}", known) == "v1-feature/x-1a2b-7"
    )
    assert cache_key("{{ .Environment.MY }}-{{ .Environment.NONE }}", known) == "m-"
    assert (
        cache_key("{{ arch }} {{  epoch}} {{ .CheckoutKey }}", known) == "linux-x86_64 1700000000 "
    )


def test_a_checksum_is_base64_of_the_sha_256(tmp_path):
    (tmp_path / "lock").write_bytes(b"packages")
    wanted = base64.b64encode(hashlib.sha256(b"packages").digest()).decode()

    assert cache_key('d-{{ checksum "lock" }}', facts(tmp_path)) == f"d-{wanted}"
    assert wanted.endswith("=")


def test_text_without_a_template_is_a_key():
    assert cache_key("deps-v1 $HOME { }", facts()) == "deps-v1 $HOME { }"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ nope }}", r"unknown template '\{\{ nope \}\}' \(known: "),
        ("{{ .Environment }}", "unknown template"),
        ('{{ checksum "absent" }}', 'checksum "absent": No such file or directory'),
        ("{{ checksum lock }}", "unknown template"),
    ],
)
def test_a_template_that_means_nothing_is_named(tmp_path, template, message):
    with pytest.raises(CacheKeyError, match=message):
        cache_key(template, facts(tmp_path))
