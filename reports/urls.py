"""Addresses of the documents."""

from django.urls import path

from .views import completeness, drafts, figures, pages, photos, returned, wording

app_name = "reports"
urlpatterns = [
    path("", pages.index, name="index"),
    path("<int:year>/", pages.page, name="page"),
    path("<int:year>/document.docx", pages.document, name="document"),
    path("<int:year>/pdf/", pages.make_pdf, name="make_page_pdf"),
    path("completeness/", completeness.page, name="completeness"),
    path("completeness/ask/", completeness.ask, name="ask"),
    path("drafts/", drafts.create, name="create"),
    path("drafts/<int:pk>/", drafts.show, name="draft"),
    path("drafts/<int:pk>/document.docx", drafts.file, name="file"),
    path("drafts/<int:pk>/document.pdf", drafts.pdf_file, name="pdf"),
    path("drafts/<int:pk>/pdf/", drafts.make_pdf, name="make_pdf"),
    path("drafts/<int:pk>/returned/", returned.upload, name="upload"),
    path("drafts/<int:pk>/returned/<int:copy>/", returned.show, name="returned"),
    path("drafts/<int:pk>/returned/<int:copy>/take/", returned.take_over, name="take_over"),
    path("drafts/<int:pk>/photos/", photos.page, name="photos"),
    path("drafts/<int:pk>/settings/", drafts.settings, name="settings"),
    path("drafts/<int:pk>/delete/", drafts.delete, name="delete"),
    path("drafts/<int:pk>/outline/", wording.outline, name="outline"),
    path("drafts/<int:pk>/preview/", wording.preview, name="preview"),
    path("drafts/<int:pk>/arrange/", wording.arrange, name="arrange"),
    path("drafts/<int:pk>/template/", wording.template, name="template"),
    path("drafts/<int:pk>/reset/", wording.reset, name="reset"),
    path("drafts/<int:pk>/sentences/<str:key>/", wording.sentence, name="sentence"),
    path("drafts/<int:pk>/headings/<slug:level>/<str:key>/", wording.heading, name="heading"),
    path("drafts/<int:pk>/figures/<str:key>/", figures.figure, name="figure"),
    path("drafts/<int:pk>/<slug:step>/", drafts.step, name="step"),
]
