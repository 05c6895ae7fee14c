package conversation

import (
	"slices"
	"time"
)

// MostWaiting is how many comments may wait in a row before they become one: each costs one of the updates that Zendesk takes
// per ticket, and they wait because there are too few.
const MostWaiting = 1

// crowd joins comments of several authors that wait in a row, where there are many, into one of Ponte's own that says whose
// words each line is, once the first has waited since before late. Private and public words stay apart.
func crowd(lane []Pending, late time.Time) []Pending {
	var out []Pending
	for from := 0; from < len(lane); {
		to := from
		for to < len(lane) && crowds(lane[to]) && lane[to].Effect.Comment.Public == lane[from].Effect.Comment.Public {
			to++
		}
		to = max(to, from+1)
		if to-from > MostWaiting && lane[from].Since.Before(late) {
			out = append(out, joined(lane[from:to])...)
		} else {
			out = append(out, lane[from:to]...)
		}
		from = to
	}
	return out
}

// crowds tells whether an effect is a comment that may still grow.
func crowds(p Pending) bool {
	return p.Effect.Kind == EffectComment && p.Effect.Change == nil && !p.Frozen && !p.Running && p.Effect.Comment.Transcript == ""
}

// joined makes as few comments of several as can hold them.
func joined(run []Pending) []Pending {
	var out []Pending
	for _, p := range run {
		c := *p.Effect.Comment
		c.Lines = labelled(c)
		c.Author, c.Agent = AuthorPonte, 0
		if len(out) == 0 || !out[len(out)-1].Effect.Comment.fits(c.Lines) {
			p.Effect.Comment = &c
			out = append(out, p)
			continue
		}
		have := out[len(out)-1].Effect.Comment // a copy, made above
		have.Lines = append(have.Lines, c.Lines...)
		have.Last, have.Assign = c.Last, have.Assign || c.Assign
	}
	return out
}

// mixed tells whether the comment stands for several people.
func (c Comment) mixed() bool {
	return c.Author == AuthorPonte && slices.ContainsFunc(c.Lines, func(l Line) bool { return l.Who != "" })
}

// labelled is the comment's lines, each with whose words it is.
func labelled(c Comment) []Line {
	lines := slices.Clone(c.Lines)
	for i := range lines {
		if lines[i].Who == "" {
			lines[i].Who = c.Author.label()
		}
	}
	return lines
}

// Customers tells whether words of the customer are in the comment.
func (c Comment) Customers() bool {
	return c.Author == AuthorCustomer || slices.ContainsFunc(c.Lines, func(l Line) bool { return l.Who == AuthorCustomer.label() })
}

// label is what people call an author, pt-BR.
func (a Author) label() string {
	switch a {
	case AuthorCustomer:
		return "Cliente"
	case AuthorAgent:
		return "Atendente"
	case AuthorPonte:
	}
	return "Ponte"
}
