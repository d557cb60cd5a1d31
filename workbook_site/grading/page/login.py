"""Logging in, out, and choosing a password of one's own."""

from asgiref.sync import sync_to_async
from django import forms
from django.contrib.auth import aauthenticate, alogin, alogout, aupdate_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from workbook_site.grading.page import limits
from workbook_site.grading.page.models import Instructor

WRONG = "This name and this password don't belong together."
TOO_OFTEN = (
    "Too many tries. Wait a quarter of an hour, or, on the machine itself, make a new password: "
    "python3 -m workbook_site gradebook --instructor NAME"
)
SAME = "This is the password that was printed. Choose one that nobody has seen."


class LoginForm(forms.Form):
    """Name and password."""

    name = forms.CharField(
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class OwnPassword(SetPasswordForm):  # type: ignore[type-arg]
    """A new password, twice. The old one was asked for at the login just now, or is known."""

    def clean_new_password1(self) -> str:
        """Refuse the one that was printed."""
        password: str = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise forms.ValidationError(SAME)
        return password


@sensitive_post_parameters("password")
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
async def login(request: HttpRequest) -> HttpResponse:
    """The form; and the way in for whoever fills it rightly."""
    form = LoginForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        status = await _enter(request, form)
        if status == 302:
            return redirect(_wanted(request))
    page = {"form": form, "next": request.GET.get("next", "")}
    return await sync_to_async(render)(request, "page/login.html", page, status=status)


async def _enter(request: HttpRequest, form: LoginForm) -> int:
    """302 when logged in, else the status of the page that says why not."""
    name, address = form.cleaned_data["name"], request.META.get("REMOTE_ADDR", "")
    if not await limits.may_try(name, address):
        form.add_error(None, TOO_OFTEN)
        return 429
    user = await aauthenticate(request, username=name, password=form.cleaned_data["password"])
    if user is None:
        form.add_error(None, WRONG)
        return 403
    await limits.forget(name, address)
    await alogin(request, user)
    return 302


def _wanted(request: HttpRequest) -> str:
    """Where the visitor was going, if that is on this site."""
    wanted = request.GET.get("next", "")
    here = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if here else "class"


@require_POST
async def logout(request: HttpRequest) -> HttpResponse:
    """The way out. Sockets that are open still are shut by the next thing they would tell."""
    await alogout(request)
    return redirect("login")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
async def password(request: HttpRequest) -> HttpResponse:
    """Choose a password. All other sessions of this instructor end by that."""
    user = request.user
    assert isinstance(user, Instructor)
    form = OwnPassword(user, request.POST or None)
    if request.method == "POST" and await sync_to_async(form.is_valid)():
        user.has_own_password = True
        await sync_to_async(form.save)()
        await aupdate_session_auth_hash(request, user)
        return redirect("class")
    page = {"form": form, "instructor": user}
    return await sync_to_async(render)(request, "page/password.html", page)
