"""Whatever a config has become, it is taken, or refused with problems that point into it."""

import random

import pytest
from fuzz_mutations import mutated
from fuzz_outcomes import fault
from fuzz_seeds import chosen, seeds


def faults(numbers):
    known = seeds()
    for number in numbers:
        rng = random.Random(number)
        data = mutated(rng, chosen(rng, known), chosen(rng, known))
        if found := fault(data):
            yield f"input {number}: {found}"


def test_some_mutated_configs_are_taken_or_refused():
    assert list(faults(range(300))) == []


@pytest.mark.slow
def test_many_mutated_configs_are_taken_or_refused():
    assert list(faults(range(300, 3000))) == []
