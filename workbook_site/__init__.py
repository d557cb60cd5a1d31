"""The Async Django Workbook: notebooks that boot a Django project and build it step by step.

A learner names one thing from here: `from workbook_site import boot`. Nothing is imported until
it is called, so that the bootstrap runs on a bare Python, even on one that is too old.
"""

__version__ = "0.1.0"
__all__ = ["boot"]


def boot(chapter):  # type: ignore[no-untyped-def]
    """Start the learner's project inside this notebook: `site = await boot("async_views")`.

    `chapter` is a chapter's name or its number. Awaiting gives the live
    `workbook_site.live.site.Site`. An unknown chapter is answered with the names that come near.
    """
    from workbook_site.hidden import HTTPX_COMMAND, hidden
    from workbook_site.safe_path import without_the_folder_we_stand_in

    with without_the_folder_we_stand_in(), hidden(HTTPX_COMMAND):
        from workbook_site.live.boot import boot as boot_live

    return boot_live(chapter)


def load_ipython_extension(shell):  # type: ignore[no-untyped-def]
    """Make `%%site` and `%%exercise` known; before `boot` they say what to run first.

    Where nbgrader runs the notebook, its cells are passed over but for those that ask for points.
    """
    from workbook_site.collector import loading
    from workbook_site.hidden import HTTPX_COMMAND, hidden
    from workbook_site.safe_path import without_the_folder_we_stand_in

    with without_the_folder_we_stand_in(), hidden(HTTPX_COMMAND), loading():
        from workbook_site.nbgrader.passing import pass_over, running

        if running():
            return pass_over(shell)
        from workbook_site.live.magics import load_ipython_extension as load

    load(shell)
