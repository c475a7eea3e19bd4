"""The rows of the case book."""

from bridge.tickets.tables.cases import (
    HistoryRow,
    SentReplyRow,
    StatusChangeRow,
    TicketConversationRow,
    TicketMessageRow,
    TicketRow,
)
from bridge.tickets.tables.citizens import (
    BY_HAND,
    OPEN311,
    AttachmentRow,
    CityAccountRow,
    ConversationRow,
    MessageRow,
    RawEventRow,
    ReporterRow,
)
from bridge.tickets.tables.house import ChoreRow, GeocodeRow, ProbeRow, StaffRow, StaffSessionRow, SwitchRow
from bridge.tickets.tables.offices import (
    AttemptRow,
    ClockRow,
    DeliveryRow,
    LetterRow,
    SecretRow,
    StatusUpdateRow,
    TrackerRow,
    UpdatePhotoRow,
)

__all__ = [
    "BY_HAND",
    "OPEN311",
    "AttachmentRow",
    "AttemptRow",
    "ChoreRow",
    "CityAccountRow",
    "ClockRow",
    "ConversationRow",
    "DeliveryRow",
    "GeocodeRow",
    "HistoryRow",
    "LetterRow",
    "MessageRow",
    "ProbeRow",
    "RawEventRow",
    "ReporterRow",
    "SecretRow",
    "SentReplyRow",
    "StaffRow",
    "StaffSessionRow",
    "StatusChangeRow",
    "StatusUpdateRow",
    "SwitchRow",
    "TicketConversationRow",
    "TicketMessageRow",
    "TicketRow",
    "TrackerRow",
    "UpdatePhotoRow",
]
