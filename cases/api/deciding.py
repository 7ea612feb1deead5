"""What is asked for and done between units over the API: requests taken back, 会商 opinions, joint tasks."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.writing import RecordCall, described
from cases.serializers import telling
from cases.serializers.shown import RequestSerializer


class DeclineRequestsView(RecordCall):
    """`POST cases/{number}/decline-requests/`."""

    kind = "request_decline"

    @described("request_decline", "申请不予受理", RequestSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Ask the centre's lead to approve declining."""
        case, event = self.write(request, number)
        return Response(telling.request(case.requests.get(pk=event.data["request"])), status=201)


class WithdrawnRequestView(RecordCall):
    """`POST cases/{number}/requests/{id}/withdrawal/`."""

    kind = "withdraw_request"

    @described("withdraw_request", "撤回申请", RequestSerializer, without=("request",))
    def post(self, request: Request, number: str, pk: str) -> Response:
        """Take a request back."""
        case, event = self.write(request, number, request_id=pk)
        return Response(telling.request(case.requests.get(pk=event.data["request"])), status=201)


class ConsultationOpinionsView(RecordCall):
    """`POST cases/{number}/consultation/opinions/`."""

    kind = "opinion"

    @described("opinion", "会商意见")
    def post(self, request: Request, number: str) -> Response:
        """Say what an invited unit thinks."""
        return self.answer(self.write(request, number)[1])


class ReferralsView(RecordCall):
    """`POST cases/{number}/consultation/referrals/`."""

    kind = "refer"

    @described("refer", "提请上级研究")
    def post(self, request: Request, number: str) -> Response:
        """Hand an undecided question up."""
        return self.answer(self.write(request, number)[1])


class TasksView(RecordCall):
    """`POST cases/{number}/tasks/`."""

    kind = "task"

    @described("task", "联办任务")
    def post(self, request: Request, number: str) -> Response:
        """Give another unit a part of the work."""
        return self.answer(self.write(request, number)[1])


class TaskDoneView(RecordCall):
    """`POST cases/{number}/tasks/{id}/completion/`."""

    kind = "task_done"

    @described("task_done", "完成联办任务", without=("task",))
    def post(self, request: Request, number: str, pk: str) -> Response:
        """Say that a task is done."""
        return self.answer(self.write(request, number, task_id=pk)[1])


class TaskDroppedView(RecordCall):
    """`POST cases/{number}/tasks/{id}/cancellation/`."""

    kind = "task_drop"

    @described("task_drop", "取消联办任务", without=("task",))
    def post(self, request: Request, number: str, pk: str) -> Response:
        """Take a task back."""
        return self.answer(self.write(request, number, task_id=pk)[1])
