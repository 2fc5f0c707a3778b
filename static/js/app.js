// Loaded on every page: frame, keys, palette, typing, look-ups, tabs, toasts. Each module looks after itself.
import "./frame.js";
import "./keys.js";
import "./palette.js";
import "./typing.js";
import "./lookup.js";
import "./draft.js";
