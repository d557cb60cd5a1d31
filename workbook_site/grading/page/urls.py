"""The addresses of the page."""

from django.urls import path

from workbook_site.grading.page import assets, login

urlpatterns = [
    path("login/", login.login, name="login"),
    path("logout/", login.logout, name="logout"),
    path("password/", login.password, name="password"),
    path("assets/<slug:digest>/<str:name>", assets.asset, name="asset"),
]
