"""Running cases carried over to another version: looked at first, moved alone or with others, put back."""

from processes.engine.moving.batches import MOVE, batch, batch_rows, batches, begin_batch, cases_on, counts, move_one
from processes.engine.moving.carrying import MAY_MOVE, CannotMove, Moved, last_move, move, restorable, restore
from processes.engine.moving.looking import Outlook, look, outlook
from processes.engine.moving.replaying import REPLAY, begin_replay, kept_replay, replay, replay_rows, replay_step
from processes.engine.moving.stored import from_data
from processes.engine.moving.target import Target, target_of_definition, target_of_files
from processes.engine.moving.tasks import TaskChange, Whose

__all__ = [
    "MAY_MOVE",
    "MOVE",
    "REPLAY",
    "CannotMove",
    "Moved",
    "Outlook",
    "Target",
    "TaskChange",
    "Whose",
    "batch",
    "batch_rows",
    "batches",
    "begin_batch",
    "begin_replay",
    "cases_on",
    "counts",
    "from_data",
    "kept_replay",
    "last_move",
    "look",
    "move",
    "move_one",
    "outlook",
    "replay",
    "replay_rows",
    "replay_step",
    "restorable",
    "restore",
    "target_of_definition",
    "target_of_files",
]
