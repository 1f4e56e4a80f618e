"""All that diagrams and forms may name, gathered from the modules that offer it."""

from __future__ import annotations

from handlers import (
    application,
    application_checks,
    appointment_call,
    appointment_certificates,
    appointment_checks,
    appointment_consultation,
    appointment_decision,
    appointment_deliberation,
    appointment_letters,
    appointment_survey,
    decision_checks,
    deliberation_checks,
    lists,
)
from handlers.registry import NAMES, OPERATIONS, OPTIONS, VALIDATORS

MODULES = (
    application,
    application_checks,
    appointment_call,
    appointment_certificates,
    appointment_checks,
    appointment_consultation,
    appointment_decision,
    appointment_deliberation,
    appointment_letters,
    appointment_survey,
    decision_checks,
    deliberation_checks,
    lists,
)
"""The modules that offer operations, lists and checks."""

__all__ = ["MODULES", "NAMES", "OPERATIONS", "OPTIONS", "VALIDATORS"]
