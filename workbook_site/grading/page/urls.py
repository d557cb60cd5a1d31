"""The addresses of the page."""

from django.urls import path

from workbook_site.grading.page import answers, assets, exporting, handing_in, login, views

urlpatterns = [
    path("", views.klass, name="class"),
    path("students/<int:pk>/", views.student, name="student"),
    path("answers/<int:pk>/<str:chapter>/<str:exercise>/", answers.answer, name="answer"),
    path("answers/<int:pk>/<str:chapter>/<str:exercise>/remark/", answers.remark, name="remark"),
    path("insight/", views.insight, name="insight"),
    path("hand-in/", handing_in.hand_in, name="hand-in"),
    path("regrade/", handing_in.regrade, name="regrade"),
    path("exports/", exporting.exports, name="exports"),
    path("exports/<str:name>", exporting.export, name="export"),
    path("login/", login.login, name="login"),
    path("logout/", login.logout, name="logout"),
    path("password/", login.password, name="password"),
    path("assets/<slug:digest>/<str:name>", assets.asset, name="asset"),
]
