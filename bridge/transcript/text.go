package transcript

import "strings"

const (
	// goesOn begins each further line of a text, so that no text can begin a line of its own.
	goesOn = "  | "
	// about begins each line that tells something about a message.
	about = "  → "
)

// Text is the transcript as plain text: a head, then "[22:58] name (origin): text" below the date of each day. Each further line of a
// message begins with "  | ", what is told about it with "  → ".
func Text(c Conversation) string {
	v := look(c)
	var b strings.Builder
	b.WriteString(v.labels.title + "\n")
	for _, f := range v.head {
		b.WriteString(f.label + ": " + f.value + "\n")
	}
	for i, r := range v.rows {
		if r.separator != "" {
			if i == 0 || v.rows[i-1].separator == "" {
				b.WriteString("\n")
			}
			b.WriteString("— " + r.separator + " —\n\n")
			continue
		}
		b.WriteString("[" + r.clock + "] " + r.sender)
		if r.origin != "" {
			b.WriteString(" (" + r.origin + ")")
		}
		b.WriteString(":")
		if r.text != "" {
			b.WriteString(" " + indent(r.text))
		}
		b.WriteString("\n")
		for _, d := range r.details {
			b.WriteString(about + indent(d.line()) + "\n")
		}
	}
	return b.String()
}

// indent marks each line but the first as going on.
func indent(s string) string { return strings.ReplaceAll(s, "\n", "\n"+goesOn) }
