// The reason, in one line, why something cannot be checked at all. That is not the same as a check that fails.

"use strict";

class CannotRun extends Error {}

module.exports = { CannotRun };
