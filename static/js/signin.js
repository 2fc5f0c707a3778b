// The demonstration's sign-in page: one click signs in as one of its people.
import { on, one } from "./dom.js";

on("click", "[data-login]", (button) => {
  one("#id_login").value = button.dataset.login;
  one("#id_password").value = button.dataset.word;
  one("#sign-in").requestSubmit();
});
