// Package provision knows what Ponte needs in a Zendesk account: organisation and ticket fields, groups, macros, a webhook with its
// trigger, a view, and e-mail triggers that leave WhatsApp's tickets alone.
//
// Needed says what that is (pure), Read what the account has, Diff what is between them (pure), as a Plan that people can read, and
// Apply carries the plan out. Things that Ponte made bear a mark in their description; things of the same name that people made are
// used as they are. Nothing is ever deleted, and a second run finds nothing to do.
package provision
