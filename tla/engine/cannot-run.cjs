// What keeps something from being checked at all, told in one line. Not the same as a check that fails.

"use strict";

class CannotRun extends Error {}

module.exports = { CannotRun };
