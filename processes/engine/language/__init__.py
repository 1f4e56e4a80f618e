"""The small safe language of diagrams, forms and tables: expressions, scripts, templates and cells."""

from processes.engine.language.cells import cell_names, check_cell, match_cell
from processes.engine.language.dialects import Dialect, dialect
from processes.engine.language.errors import LanguageError, LanguageProblem, MissingValueError
from processes.engine.language.functions import BUILTINS
from processes.engine.language.running import (
    ScriptNames,
    check_expression,
    check_script,
    evaluate,
    execute,
    free_names,
    script_names,
)
from processes.engine.language.templates import check_template, render, template_names

__all__ = [
    "BUILTINS",
    "Dialect",
    "LanguageError",
    "LanguageProblem",
    "MissingValueError",
    "ScriptNames",
    "cell_names",
    "check_cell",
    "check_expression",
    "check_script",
    "check_template",
    "dialect",
    "evaluate",
    "execute",
    "free_names",
    "match_cell",
    "render",
    "script_names",
    "template_names",
]
