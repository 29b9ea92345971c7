"""Style sheets that come one after the other, and what each leaves of the others' components."""

from playwright.sync_api import expect

from tests.browser.visits import OpenPage


def test_questions_look_the_same_once_a_figure_is_alive(open_page: OpenPage) -> None:
    page = open_page("cnns-from-scratch/").page
    page.locator(".interactive").first.scroll_into_view_if_needed()
    page.locator(".interactive.alive fieldset.choice label").first.wait_for()
    sheets = "[...document.styleSheets].some(sheet => sheet.href?.endsWith('interactive.css'))"
    assert page.evaluate(sheets)
    choice = page.locator(".mastery-check .choice").first
    expect(choice.locator("input")).to_have_css("opacity", "1")
    expect(choice).not_to_have_css("margin-top", "0px")
