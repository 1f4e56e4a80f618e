"""The deploy check: everything that keeps a diagram from being executed as it is drawn, told before it is deployed."""

from processes.engine.check.checking import check_diagram
from processes.engine.check.problems import Problem, Surroundings, as_report, is_deployable
from processes.engine.check.source import first_process

__all__ = ["Problem", "Surroundings", "as_report", "check_diagram", "first_process", "is_deployable"]
