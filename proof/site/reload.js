// Reloads the page when the server that served it has built the site anew.
const { epoch } = /** @type {HTMLScriptElement} */ (document.currentScript).dataset;

async function reloadWhenRebuilt() {
  for (;;) {
    try {
      // The server answers when there is something new, or after a minute.
      const answer = await fetch(`/livereload/${epoch}/0`);
      if (Number(await answer.text()) > Number(epoch)) {
        location.reload();
        return;
      }
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1000)); // the server is restarting
    }
  }
}

reloadWhenRebuilt();
