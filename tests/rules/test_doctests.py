"""The examples in the docstrings of the rules are true."""

import doctest
import importlib
import pkgutil

import pytest

import processes.rules

MODULES = [module.name for module in pkgutil.iter_modules(processes.rules.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_rule_are_true(name):
    assert doctest.testmod(importlib.import_module(f"processes.rules.{name}")).failed == 0
