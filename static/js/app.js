// Small comforts. Every page works without this file; hooks are data-* attributes.
(() => {
  "use strict";

  const AGAIN_AFTER = 15000; // a download or a lost connection leaves the page open: give the button back

  // One press, one POST. <form data-repeat> opts out.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || "repeat" in form.dataset) return;
    if ("sending" in form.dataset) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "";
    for (const input of form.querySelectorAll("[data-shown]")) input.type = "password";
    const buttons = [...form.elements].filter((control) => control.type === "submit" && !control.disabled);
    const release = () => {
      delete form.dataset.sending;
      for (const button of buttons) button.disabled = false;
    };
    // After the browser has collected the form: a disabled button would lose its own name and value.
    setTimeout(() => {
      for (const button of buttons) button.disabled = true;
    });
    setTimeout(release, AGAIN_AFTER);
    window.addEventListener("pageshow", release, { once: true });
  });

  // Controls that only make sense with a script.
  for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;

  // <button data-print>
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());

  // <input type="checkbox" data-show-password="id id">
  for (const toggle of document.querySelectorAll("[data-show-password]")) {
    toggle.checked = false;
    toggle.addEventListener("change", () => {
      for (const id of toggle.dataset.showPassword.split(" ")) {
        const input = document.getElementById(id);
        if (!input) continue;
        input.type = toggle.checked ? "text" : "password";
        input.toggleAttribute("data-shown", toggle.checked);
      }
    });
  }

  document.querySelector(".error-summary")?.focus();
})();
