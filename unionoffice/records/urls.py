"""Addresses of every record type's pages; a type is reached by its slug."""

from django.urls import path

from unionoffice.organisation import access

from . import desk
from .views import (
    bulk,
    calendar,
    editing,
    exporting,
    files,
    history,
    importing,
    jobs,
    lists,
    matching,
    quality,
    record,
    rows_step,
)

app_name = "records"
urlpatterns = [
    path("calendar/", calendar.month_page, name="calendar"),
    path("history/", history.acts_page, name="acts"),
    path("acts/<int:pk>/", history.act_page, name="act"),
    path("acts/<int:pk>/take-back/", history.take_back_page, name="take_back"),
    path("files/<int:pk>/", files.file, name="file"),
    path("files/<int:pk>/thumbnail/", files.thumbnail, name="thumbnail"),
    path("files/<int:pk>/delete/", files.detach, name="detach"),
    path("quality/", quality.quality_page, name="quality"),
    path("quality/<slug:key>/", quality.quality_page, name="quality_check"),
    path("imports/<uuid:pk>/", importing.RunView.as_view(), name="import_run"),
    path("imports/<uuid:pk>/rows/<int:row>/<str:key>/", importing.CellPage.as_view(), name="import_cell"),
    path("imports/<uuid:pk>/columns/", matching.MatchPage.as_view(), name="import_columns"),
    path("imports/<uuid:pk>/confirm/", importing.ConfirmPage.as_view(), name="import_confirm"),
    path("imports/<uuid:pk>/discard/", importing.DiscardPage.as_view(), name="import_discard"),
    path("imports/<uuid:pk>/rejects/", importing.RejectsPage.as_view(), name="import_rejects"),
    path("jobs/<uuid:pk>/", jobs.job_page, name="job"),
    path("jobs/<uuid:pk>/cancel/", jobs.job_cancel, name="job_cancel"),
    path("jobs/<uuid:pk>/result/", jobs.job_result, name="job_result"),
    path("<slug:slug>/export/", exporting.ExportPage.as_view(), name="export"),
    path("<slug:slug>/template/", exporting.TemplatePage.as_view(), name="template"),
    path("<slug:slug>/import/", importing.ImportPage.as_view(), name="import"),
    path("<slug:slug>/", lists.ListPage.as_view(), name="list"),
    path("<slug:slug>/filters/<str:key>/", lists.FilterMenu.as_view(), name="filter_menu"),
    path("<slug:slug>/columns/", lists.ColumnMenu.as_view(), name="column_menu"),
    path("<slug:slug>/total/", lists.TotalPage.as_view(), name="total"),
    path("<slug:slug>/choices/", lists.ChoicesPage.as_view(), name="choices"),
    path("<slug:slug>/views/", lists.SaveView.as_view(), name="view_save"),
    path("<slug:slug>/views/<int:pk>/delete/", lists.DeleteView.as_view(), name="view_delete"),
    path("<slug:slug>/bulk/", bulk.BulkPage.as_view(), name="bulk"),
    path("<slug:slug>/bulk/<slug:step>/", rows_step.RowsStepPage.as_view(), name="rows_step"),
    path("<slug:slug>/new/", editing.NewPage.as_view(), name="new"),
    path("<slug:slug>/quick/", editing.QuickPage.as_view(), name="quick"),
    path("<slug:slug>/duplicates/", editing.DuplicatesPage.as_view(), name="duplicates"),
    path("<slug:slug>/<int:pk>/", record.RecordView.as_view(), name="record"),
    path("<slug:slug>/<int:pk>/edit/", editing.EditPage.as_view(), name="edit"),
    path("<slug:slug>/<int:pk>/delete/", record.DeletePage.as_view(), name="delete"),
    path("<slug:slug>/<int:pk>/history/", history.HistoryPage.as_view(), name="history"),
    path("<slug:slug>/<int:pk>/attach/", files.AttachPage.as_view(), name="attach"),
    path("<slug:slug>/<int:pk>/reveal/<slug:field>/", record.RevealPage.as_view(), name="reveal"),
    path("<slug:slug>/<int:pk>/steps/<slug:step>/", editing.StepPage.as_view(), name="step"),
]

desk.register_page("日历", "records:calendar", "calendar", calendar.may_open, section="")
desk.register_page("操作记录", "records:acts", "history", access.may_read_all_history)
desk.register_page("数据质量", "records:quality", "checklist", quality.may_open)
