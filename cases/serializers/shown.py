"""The shapes of the API's answers, for its published description; `cases.serializers.telling` builds them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from cases import choices as c

DUE_STATES = ("none", "ok", "soon", "overdue", "paused", "done")

Shape = serializers.Serializer[Any]


@extend_schema_field({"type": "boolean", "const": True})
class SeenField(serializers.BooleanField):
    """True: the case is still this person's to see."""


@extend_schema_field({"type": "boolean", "const": False})
class GoneField(serializers.BooleanField):
    """False: it is no longer."""


class ProblemSerializer(Shape):
    """A refusal (RFC 9457); further members depend on its kind."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="给用户看的一句话")
    errors = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)
    current_status = serializers.CharField(required=False, allow_null=True)
    moved_by = serializers.CharField(required=False, allow_null=True)
    moved_at = serializers.CharField(required=False, allow_null=True)
    retry_after = serializers.IntegerField(required=False)


class ChoiceSerializer(Shape):
    """A code and what people read."""

    value = serializers.CharField()
    label = serializers.CharField()


class NeedSerializer(Shape):
    """One thing a move asks for; `fields` describes the members of an `items` need."""

    name = serializers.CharField()
    label = serializers.CharField()
    type = serializers.CharField()
    required = serializers.BooleanField()
    public = serializers.BooleanField(required=False)
    help = serializers.CharField(required=False)
    choices = ChoiceSerializer(many=True, required=False)
    choices_url = serializers.CharField(required=False)
    minimum = serializers.IntegerField(required=False)
    maximum = serializers.IntegerField(required=False)

    def get_fields(self) -> dict[str, Any]:
        """`fields` is a word of DRF's own."""
        members = serializers.ListField(child=serializers.DictField(), required=False)
        return {**super().get_fields(), "fields": members}


class OfferSerializer(Shape):
    """A move or record that may be made now."""

    name = serializers.CharField()
    label = serializers.CharField()
    needs = NeedSerializer(many=True)


class RecordOfferSerializer(OfferSerializer):
    """A record that may be written now, and where."""

    method = serializers.CharField()
    url = serializers.CharField(help_text="{request}、{order} 处填编号")


class NamedSerializer(Shape):
    """Something named by its code."""

    code = serializers.CharField()
    name = serializers.CharField()


class PersonSerializer(Shape):
    """Somebody named by log-in name."""

    username = serializers.CharField()
    name = serializers.CharField()


class RowSerializer(Shape):
    """A case in a list; codes, with the names beside them."""

    number = serializers.CharField()
    name = serializers.CharField(help_text="同 title，供选择列表使用")
    title = serializers.CharField()
    kind = serializers.ChoiceField(c.Kind.choices)
    channel = serializers.ChoiceField(c.Channel.choices)
    category = serializers.CharField(allow_null=True)
    category_name = serializers.CharField()
    level = serializers.ChoiceField(c.Level.choices, allow_null=True)
    status = serializers.ChoiceField(c.Status.choices)
    status_label = serializers.CharField()
    stage = serializers.ChoiceField(c.Stage.choices)
    area = serializers.CharField()
    area_name = serializers.CharField()
    grid = serializers.CharField(allow_null=True)
    grid_name = serializers.CharField()
    lead_unit = serializers.CharField(allow_null=True)
    lead_unit_name = serializers.CharField()
    handler = serializers.CharField(allow_null=True)
    handler_name = serializers.CharField()
    received_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    due_tentative = serializers.BooleanField()
    due_state = serializers.ChoiceField([(state, state) for state in DUE_STATES])
    orders_open = serializers.IntegerField()
    version = serializers.IntegerField()


class PlaceSerializer(Shape):
    """Where it is."""

    address = serializers.CharField()
    lng = serializers.FloatField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)
    datum = serializers.CharField(allow_null=True)
    area = serializers.CharField()
    grid = serializers.CharField(allow_null=True)


class StepSerializer(Shape):
    """The nearest date of any clock that runs."""

    clock = serializers.ChoiceField(c.Clock.choices)
    label = serializers.CharField()
    due_at = serializers.DateTimeField()
    tentative = serializers.BooleanField()


class CaseSerializer(RowSerializer):
    """A case as it stands, with what this person may do with it; the answer to a move."""

    visible = SeenField()
    procedure = serializers.ChoiceField(c.Procedure.choices)
    outcome = serializers.ChoiceField(c.Outcome.choices, allow_null=True)
    mode = serializers.ChoiceField(c.Mode.choices, allow_null=True)
    description = serializers.CharField()
    place = PlaceSerializer()
    desk_area = serializers.CharField()
    anonymous = serializers.BooleanField()
    confidential = serializers.BooleanField()
    willing_to_mediate = serializers.BooleanField(allow_null=True)
    visitor_count = serializers.IntegerField()
    complained_unit = NamedSerializer(allow_null=True)
    complaint_nature = serializers.ChoiceField(c.Nature.choices, allow_null=True)
    first_unit = NamedSerializer(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    late = serializers.BooleanField()
    round = serializers.IntegerField()
    designated = serializers.BooleanField()
    step = StepSerializer(allow_null=True)
    satisfaction = serializers.IntegerField(allow_null=True)
    resolved = serializers.BooleanField(allow_null=True)
    rated_at = serializers.DateTimeField(allow_null=True)
    master = serializers.CharField(allow_null=True)
    can_unmask = serializers.BooleanField()
    allowed_moves = OfferSerializer(many=True)
    allowed_records = RecordOfferSerializer(many=True)


class RegisteredSerializer(CaseSerializer):
    """What an intake gets back; the code is on the receipt and nowhere else."""

    query_code = serializers.CharField()


class GoneSerializer(Shape):
    """The move was made, and the case left this person's sight."""

    number = serializers.CharField()
    status = serializers.ChoiceField(c.Status.choices)
    version = serializers.IntegerField()
    visible = GoneField()


AFTER_WRITE = PolymorphicProxySerializer(
    component_name="CaseAfterWrite",
    serializers=[CaseSerializer, GoneSerializer],
    resource_type_field_name=None,
)


class PartySerializer(Shape):
    """A person in a case; masked unless unmasked on record."""

    id = serializers.UUIDField()
    side = serializers.ChoiceField(c.PartySide.choices)
    role = serializers.ChoiceField(c.PartyRole.choices)
    name = serializers.CharField()
    phone = serializers.CharField()
    id_number = serializers.CharField()
    address = serializers.CharField()


class UnmaskedSerializer(Shape):
    """Contact data, shown on record."""

    parties = PartySerializer(many=True)


class DeadlineSerializer(Shape):
    """One clock."""

    clock = serializers.ChoiceField(c.Clock.choices)
    label = serializers.CharField()
    period = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    nominal_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    tentative = serializers.BooleanField()
    running = serializers.BooleanField()
    met_at = serializers.DateTimeField(allow_null=True)
    late_at = serializers.DateTimeField(allow_null=True)


class OrderSerializer(Shape):
    """A supervision order."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    kind = serializers.ChoiceField(c.OrderKind.choices)
    unit = serializers.CharField(allow_null=True)
    unit_name = serializers.CharField()
    problem = serializers.CharField()
    demand = serializers.CharField()
    deadline = serializers.DateTimeField()
    issuer = serializers.CharField()
    issuer_number = serializers.CharField()
    issued_at = serializers.DateTimeField()
    response = serializers.CharField()
    responded_at = serializers.DateTimeField(allow_null=True)
    renewed = serializers.IntegerField(help_text="再次督办的次数")
    lifted_at = serializers.DateTimeField(allow_null=True)
    lift_note = serializers.CharField()


class RequestSerializer(Shape):
    """What a handler asked a lead to decide."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(c.RequestKind.choices)
    amount = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()
    expected_end = serializers.DateField(allow_null=True)
    requested_at = serializers.DateTimeField()
    approved = serializers.BooleanField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    public_reason = serializers.CharField(help_text="批准后居民看到的理由")
    decision_note = serializers.CharField(help_text="批复意见")
    due_before = serializers.DateTimeField(allow_null=True, help_text="延期前的到期")
    due_after = serializers.DateTimeField(allow_null=True, help_text="延期后的到期")
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class AttachmentSerializer(Shape):
    """A file; its bytes are at `url`."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    mime = serializers.CharField()
    size = serializers.IntegerField()
    purpose = serializers.CharField()
    public = serializers.BooleanField()
    uploaded_at = serializers.DateTimeField()
    uploaded_by = serializers.CharField(help_text="姓名")
    url = serializers.CharField()


class LinksSerializer(Shape):
    """Matters this one was merged with."""

    master = serializers.CharField(allow_null=True)
    merged = serializers.ListField(child=serializers.CharField())


class DetailSerializer(CaseSerializer):
    """One case with all that belongs to it."""

    parties = PartySerializer(many=True)
    assisting_units = NamedSerializer(many=True)
    deadlines = DeadlineSerializer(many=True)
    orders = OrderSerializer(many=True)
    requests = RequestSerializer(many=True)
    attachments = AttachmentSerializer(many=True)
    links = LinksSerializer()


class EventSerializer(Shape):
    """One line of the history."""

    seq = serializers.IntegerField()
    kind = serializers.CharField()
    label = serializers.CharField()
    at = serializers.DateTimeField()
    actor = serializers.CharField(help_text="姓名")
    actor_role = serializers.CharField()
    actor_unit = serializers.CharField()
    acting_for = serializers.CharField()
    status_before = serializers.CharField()
    status_after = serializers.ChoiceField(c.Status.choices)

    def get_fields(self) -> dict[str, Any]:
        """`data` is a word of DRF's own."""
        return {**super().get_fields(), "data": serializers.DictField(help_text="所填内容，代码同接口")}


class CountSerializer(Shape):
    """How many."""

    count = serializers.IntegerField()


class ReceiptSerializer(Shape):
    """A number and its query code."""

    number = serializers.CharField()
    query_code = serializers.CharField()


class CategorySerializer(Shape):
    """A node of a category tree; `parent` is a code."""

    code = serializers.CharField()
    name = serializers.CharField()
    parent = serializers.CharField(allow_null=True)
    tree = serializers.ChoiceField(c.CategoryTree.choices)
    kinds = serializers.ListField(child=serializers.CharField(), help_text="适用的事项大类，空为全部")
    mediable = serializers.BooleanField()


# --- the workflow -----------------------------------------------------------------------------------------------


class StatusSerializer(Shape):
    """A status."""

    code = serializers.CharField()
    stage = serializers.CharField()
    public_label = serializers.CharField()
    open = serializers.BooleanField()

    def get_fields(self) -> dict[str, Any]:
        """`label` is a word of DRF's own."""
        return {**super().get_fields(), "label": serializers.CharField()}


class MoveSerializer(Shape):
    """A row of the table; `needs` of a case may be fewer (allowed_moves tells)."""

    name = serializers.CharField()
    to = serializers.ListField(child=serializers.CharField())
    roles = serializers.ListField(child=serializers.CharField())
    needs = NeedSerializer(many=True)

    def get_fields(self) -> dict[str, Any]:
        """`from` and `label` are words of others."""
        more = {"label": serializers.CharField(), "from": serializers.ListField(child=serializers.CharField())}
        return {**super().get_fields(), **more}


class IntakeSerializer(Shape):
    """What an intake asks for."""

    needs = NeedSerializer(many=True)


class WorkflowSerializer(Shape):
    """Everything a client needs to draw any form without a copy of the rules."""

    stages = ChoiceSerializer(many=True)
    statuses = StatusSerializer(many=True)
    moves = MoveSerializer(many=True)
    records = MoveSerializer(many=True)
    intake = IntakeSerializer()
    codes = serializers.DictField(child=serializers.ListField(child=serializers.DictField()))


# --- for residents ----------------------------------------------------------------------------------------------


class ReportedSerializer(Shape):
    """What a resident's report gets back."""

    number = serializers.CharField()
    query_code = serializers.CharField()
    status = serializers.ChoiceField(c.Status.choices)
    status_text = serializers.CharField()
    registered_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    due_tentative = serializers.BooleanField()


class ChallengeSerializer(Shape):
    """Whether a proof of work is asked now, and for which line."""

    asked = serializers.BooleanField()
    challenge = serializers.CharField(allow_blank=True)
    bits = serializers.IntegerField()


class PublicFileSerializer(Shape):
    """A resident's photo, to be named in the report."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    mime = serializers.CharField()
    size = serializers.IntegerField()


class PublicEventSerializer(Shape):
    """A line of the public timeline."""

    at = serializers.DateTimeField()
    text = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        """`label` is a word of DRF's own."""
        return {**super().get_fields(), "label": serializers.CharField()}


class TimelineSerializer(Shape):
    """What a resident reads of one case."""

    number = serializers.CharField()
    title = serializers.CharField()
    status = serializers.ChoiceField(c.Status.choices)
    stage = serializers.ChoiceField(c.Stage.choices)
    status_text = serializers.CharField()
    registered_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    due_tentative = serializers.BooleanField()
    lead_unit = serializers.CharField()
    reply = serializers.CharField()
    events = PublicEventSerializer(many=True)
    can_rate = serializers.BooleanField()
    satisfaction = serializers.IntegerField(allow_null=True)


class RatedSerializer(Shape):
    """A rating as it was taken."""

    number = serializers.CharField()
    status = serializers.ChoiceField(c.Status.choices)
    status_text = serializers.CharField()
    satisfaction = serializers.IntegerField()
    resolved = serializers.BooleanField()
    amend_until = serializers.DateTimeField()
