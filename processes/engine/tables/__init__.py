"""Decision tables: read from DMN, checked, decided, tried."""

from processes.engine.tables.checking import TableProblem, file_problems, table_problems
from processes.engine.tables.coverage import ANYTHING, Coverage, Overlap, coverage
from processes.engine.tables.deciding import decide, decided
from processes.engine.tables.model import AGGREGATIONS, POLICIES, SEVERAL, TYPES, Input, Output, Rule, Table
from processes.engine.tables.reading import read_table
from processes.engine.tables.trials import Trial, Verdict, read_trials, run_trials, typed, write_trials
from processes.engine.tables.writing import write_table

TABLES, DMN, TESTS = "tables/", ".dmn", ".tests.json"
"""Where a package keeps its tables and their tests."""

__all__ = [
    "AGGREGATIONS",
    "ANYTHING",
    "DMN",
    "POLICIES",
    "SEVERAL",
    "TABLES",
    "TESTS",
    "TYPES",
    "Coverage",
    "Input",
    "Output",
    "Overlap",
    "Rule",
    "Table",
    "TableProblem",
    "Trial",
    "Verdict",
    "coverage",
    "decide",
    "decided",
    "file_problems",
    "read_table",
    "read_trials",
    "run_trials",
    "table_problems",
    "typed",
    "write_table",
    "write_trials",
]
