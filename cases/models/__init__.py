"""The tables of the matter."""

from cases.models.assessing import (
    Appeal,
    AppealStep,
    AssessmentPlan,
    AssessmentRound,
    GridAssessment,
    GridFigure,
    GridGrade,
)
from cases.models.attachment import Attachment
from cases.models.bulletins import Bulletin, BulletinAsk, BulletinCorrection, BulletinText, BulletinVersion
from cases.models.caring import CarePlan, CareVisit, CareVisitor, HelpReferral
from cases.models.case import Assisting, Case, Category, Party
from cases.models.councils import CouncilDecision, CouncilMeeting, CouncilTopic, TopicWord, Wish
from cases.models.crowds import Crowd, CrowdRules, HotDismissal, MayRepeat, SubItem, TextTrace, TraceKey
from cases.models.dispatch import CannedAnswer, DispatchLine
from cases.models.event import Event, Outbox, Submission
from cases.models.exclusions import ExclusionStep, RankingExclusion
from cases.models.following_up import FollowUp, FollowUpPolicy, LookBack, LookBackRule, Rectification, RedoRequest
from cases.models.hazards import (
    FloodCheck,
    FloodStore,
    HazardFile,
    HazardItem,
    InspectionScope,
    ReinspectionRule,
)
from cases.models.held import HeldReport
from cases.models.limits import CalendarImport, Deadline, Holiday, LimitPolicy, MovedDate, Recount
from cases.models.links import SameMatter
from cases.models.lists import Export, ListPreference, Presence, SavedView
from cases.models.network import NetworkLayer, NetworkMember, PropertyRule
from cases.models.orders import HandlerRequest, SupervisionOrder
from cases.models.patrols import (
    PatrolCheck,
    PatrolClosing,
    PatrolClosingGrid,
    PatrolFinding,
    PatrolHandOver,
    PatrolPlan,
    PatrolPoint,
    PatrolRemark,
    PatrolReport,
    PatrolSheet,
    PatrolTask,
)
from cases.models.phone import HandOver, HandOverEnd
from cases.models.reception import CaseLead, CaseLeadStep, ReceptionBooking, ReceptionDay, TeamMember, TeamRole
from cases.models.reminders import Reminder
from cases.models.retention import Erasure, LegalHold, RetentionRule
from cases.models.routing import Consultation, ConsultedUnit, DeclineRule, JointTask, Review, Series
from cases.models.screens import Screen
from cases.models.search import SearchText
from cases.models.statistics import TallyCount, TallyDelta
from cases.models.supervising import (
    Closing,
    OrderDraft,
    OrderSeries,
    Proposal,
    SpotCheck,
    SupervisionRules,
)
from cases.models.tabling import SavedTable, TableExport
from cases.models.whistling import Whistle, WhistleCall, WhistlePolicy
from cases.models.window import IntakeDraft, RosterEntry, Visit

__all__ = [
    "Appeal",
    "AppealStep",
    "AssessmentPlan",
    "AssessmentRound",
    "Assisting",
    "Attachment",
    "Bulletin",
    "BulletinAsk",
    "BulletinCorrection",
    "BulletinText",
    "BulletinVersion",
    "CalendarImport",
    "CannedAnswer",
    "CarePlan",
    "CareVisit",
    "CareVisitor",
    "Case",
    "CaseLead",
    "CaseLeadStep",
    "Category",
    "Closing",
    "Consultation",
    "ConsultedUnit",
    "CouncilDecision",
    "CouncilMeeting",
    "CouncilTopic",
    "Crowd",
    "CrowdRules",
    "Deadline",
    "DeclineRule",
    "DispatchLine",
    "Erasure",
    "Event",
    "ExclusionStep",
    "Export",
    "FloodCheck",
    "FloodStore",
    "FollowUp",
    "FollowUpPolicy",
    "GridAssessment",
    "GridFigure",
    "GridGrade",
    "HandOver",
    "HandOverEnd",
    "HandlerRequest",
    "HazardFile",
    "HazardItem",
    "HeldReport",
    "HelpReferral",
    "Holiday",
    "HotDismissal",
    "InspectionScope",
    "IntakeDraft",
    "JointTask",
    "LegalHold",
    "LimitPolicy",
    "ListPreference",
    "LookBack",
    "LookBackRule",
    "MayRepeat",
    "MovedDate",
    "NetworkLayer",
    "NetworkMember",
    "OrderDraft",
    "OrderSeries",
    "Outbox",
    "Party",
    "PatrolCheck",
    "PatrolClosing",
    "PatrolClosingGrid",
    "PatrolFinding",
    "PatrolHandOver",
    "PatrolPlan",
    "PatrolPoint",
    "PatrolRemark",
    "PatrolReport",
    "PatrolSheet",
    "PatrolTask",
    "Presence",
    "PropertyRule",
    "Proposal",
    "RankingExclusion",
    "ReceptionBooking",
    "ReceptionDay",
    "Recount",
    "Rectification",
    "RedoRequest",
    "ReinspectionRule",
    "Reminder",
    "RetentionRule",
    "Review",
    "RosterEntry",
    "SameMatter",
    "SavedTable",
    "SavedView",
    "Screen",
    "SearchText",
    "Series",
    "SpotCheck",
    "SubItem",
    "Submission",
    "SupervisionOrder",
    "SupervisionRules",
    "TableExport",
    "TallyCount",
    "TallyDelta",
    "TeamMember",
    "TeamRole",
    "TextTrace",
    "TopicWord",
    "TraceKey",
    "Visit",
    "Whistle",
    "WhistleCall",
    "WhistlePolicy",
    "Wish",
]
