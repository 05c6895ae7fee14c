package decide

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// commandTag puts tags on the conversation and its ticket, and takes others off. Tags that others put on the ticket stay.
func (d *draft) commandTag(c conversation.Command) conversation.Answer {
	conv := d.Thread.Conversation
	add, refused := tagsOf(c.Add)
	remove, no := tagsOf(c.Remove)
	var own []string
	for _, tag := range remove {
		if slices.Contains(d.set.Tags, tag) {
			own = append(own, "“"+tag+"”")
		}
	}
	switch refused = append(refused, no...); {
	case len(refused) > 0:
		return refuse(conversation.RefusedTag, "Estas etiquetas não são aceitas pelo Zendesk: "+strings.Join(refused, ", ")+
			". Use até 100 letras, algarismos e os sinais _ - : /.")
	case len(own) > 0:
		return refuse(conversation.RefusedTag, "Estas etiquetas identificam o atendimento pelo WhatsApp e não podem ser retiradas: "+strings.Join(own, ", ")+".")
	case len(add)+len(remove) == 0:
		return refuse(conversation.RefusedEmpty, "Informe as etiquetas que devem ser incluídas ou retiradas.")
	case conv.Ticket.Status == "closed":
		return refuse(conversation.RefusedTicket, "O ticket está fechado: as etiquetas dele não podem mais ser alteradas.")
	}
	remove = slices.DeleteFunc(remove, func(tag string) bool { return slices.Contains(add, tag) })
	added, removed := conv.Tag(add, remove)
	removed = append(removed, d.othersTags(slices.DeleteFunc(remove, func(tag string) bool { return slices.Contains(removed, tag) }))...)
	if len(added)+len(removed) == 0 {
		return conversation.Answer{}
	}
	d.because("tagged")
	d.tagged(c.Agent, added, removed)
	if conv.Ticket.ID != 0 || d.Thread.Outbox.Has(conversation.EffectCreate) { // else they go with the creation
		d.update(conversation.Change{Agent: c.Agent, Tags: added, Untags: removed}, false)
	}
	return conversation.Answer{}
}

// othersTags lists those that are to be taken off though no agent put them on here: the ticket has them, or may have.
func (d *draft) othersTags(remove []string) []string {
	ticket := d.Thread.Conversation.Ticket
	var list []string
	for _, tag := range remove {
		if ticket.ID != 0 && (!ticket.TagsKnown || slices.Contains(ticket.Tags, tag)) {
			list = append(list, tag)
		}
	}
	return list
}

// tagsOf is tags in their normal form, once each, and those that can't be any, in quotes.
func tagsOf(written []string) (tags, refused []string) {
	for _, w := range written {
		tag, ok := conversation.NormalTag(w)
		switch {
		case !ok:
			refused = append(refused, "“"+w+"”")
		case !slices.Contains(tags, tag):
			tags = append(tags, tag)
		}
	}
	return tags, refused
}

// tagged notes in the timeline which tags changed, and by whom.
func (d *draft) tagged(by conversation.Agent, added, removed []string) {
	var parts []string
	if len(added) > 0 {
		parts = append(parts, "Etiquetas incluídas: "+strings.Join(added, ", "))
	}
	if len(removed) > 0 {
		parts = append(parts, "Etiquetas retiradas: "+strings.Join(removed, ", "))
	}
	text := strings.Join(parts, ". ")
	if by.ID != 0 || by.Name != "" {
		text = fmt.Sprintf("%s (%s)", text, nameOf(by))
	}
	d.log(conversation.Entry{Type: "tags", Author: conversation.AuthorPonte, Origin: conversation.OriginApp, Agent: by.ID, Who: by.Name, Text: text})
}

// untag takes over that the ticket does not have tags any more that an agent had put on here: people took them off in Zendesk.
func (d *draft) untag() {
	c := d.Thread.Conversation
	if c == nil || len(c.Tags) == 0 || !c.Ticket.TagsKnown {
		return
	}
	var gone []string
	for _, tag := range c.Tags {
		if !slices.Contains(c.Ticket.Tags, tag) && !d.tagging(tag) {
			gone = append(gone, tag)
		}
	}
	if len(gone) == 0 {
		return
	}
	d.because("tags taken off on the ticket")
	_, removed := c.Tag(nil, gone)
	d.log(conversation.Entry{
		Type: "tags", Author: conversation.AuthorPonte, Origin: conversation.OriginTicket, Text: "Etiquetas retiradas no ticket: " + strings.Join(removed, ", "),
	})
}

// tagging tells whether a tag is on its way to the ticket.
func (d *draft) tagging(tag string) bool {
	c := d.Thread.Conversation
	on := func(change *conversation.Change) bool { return change != nil && slices.Contains(change.Tags, tag) }
	return on(c.Closing) || slices.ContainsFunc(d.Thread.Outbox.Ticket, func(p conversation.Pending) bool { return on(p.Effect.Change) })
}

// withTags is what a new ticket changes, with the tags that agents put on the conversation before there was one.
func (d *draft) withTags(change *conversation.Change) *conversation.Change {
	tags := d.Thread.Conversation.Tags
	if len(tags) == 0 {
		return change
	}
	with := conversation.Change{Tags: slices.Clone(tags)}
	if change != nil {
		with = change.With(with)
	}
	return &with
}
