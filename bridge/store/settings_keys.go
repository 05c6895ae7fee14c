package store

// The settings' keys carry one hash tag, so that a script may touch both.

// settingsVersionKey holds the version of the operation's settings.
func settingsVersionKey(prefix string) string { return prefix + "{cfg:settings}:version" }

// settingsLogKey holds the last versions themselves, the current one first.
func settingsLogKey(prefix string) string { return prefix + "{cfg:settings}:log" }
