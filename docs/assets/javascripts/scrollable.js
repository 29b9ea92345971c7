// Boxes that scroll sideways can be reached with the keyboard while they do.
// Browsers differ: Safari does not focus a scrolling box by itself.
// The theme has put each table into such a box by then.

export const boxes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});

for (const box of document.querySelectorAll(".formula, pre > code, .snippet-output pre, .figure-drawing, .md-typeset__scrollwrap")) {
  boxes.observe(box);
}
