package decide

import (
	"fmt"
	"slices"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// replyFile sends a file that an agent uploaded to the customer, with the text below it, and puts it on the ticket in the agent's name.
func (d *draft) replyFile(c conversation.Command) conversation.Answer {
	assign := d.attended(c.Agent)
	upload := *c.Upload
	f := &upload.File
	f.Out, f.Agent = true, c.Agent.ID
	var effects []string
	below, quoted := c.Text, c.ReplyTo
	if below != "" && (!f.TakesCaption() || f.Size > d.set.Files.MostCaption) { // words wait for no large file
		words, _ := d.say(conversation.Send{Text: below, Agent: c.Agent.ID, ReplyTo: quoted}, d.spoken(c))
		effects, below, quoted = append(effects, words), "", ""
	}
	sent := *f
	effect, state := d.say(conversation.Send{Text: below, File: &sent, Agent: c.Agent.ID, ReplyTo: quoted}, d.spoken(c))
	d.mirrorFile(c, assign, upload)
	d.seen()
	return conversation.Answer{Effects: append(effects, effect), Delivery: state}
}

// mirrorFile puts a file that goes to the customer on the ticket: with the words where these are written there, else with the transcript.
func (d *draft) mirrorFile(c conversation.Command, assign bool, a conversation.Attached) {
	line := conversation.Line{Text: c.Text, Re: c.ReplyTo, File: &a}
	if line.Text == "" {
		line.Text = fmt.Sprintf(d.set.Texts.FileFollows, a.File.Name)
	}
	d.mirror(c.Agent, assign, line)
	if conv := d.Thread.Conversation; d.set.Mode == modeTranscript {
		if len(conv.Files)+len(conv.Attached) == 0 {
			conv.FilesSince = d.now
		}
		conv.Attached = append(conv.Attached, a)
	}
}

// outgoing calls do for every file of the company's that is to go onto the ticket yet.
func (d *draft) outgoing(do func(*conversation.Attached)) {
	c := d.Thread.Conversation
	for i := range c.Attached {
		if c.Attached[i].File.Out {
			do(&c.Attached[i])
		}
	}
	for i := range d.Thread.Outbox.Ticket {
		comment := d.Thread.Outbox.Ticket[i].Effect.Comment
		if comment == nil {
			continue
		}
		for j := range comment.Lines {
			if f := comment.Lines[j].File; f != nil && f.File.Out {
				own := *f
				do(&own)
				comment.Lines[j].File = &own
			}
		}
	}
}

// atWhatsApp notes under which id WhatsApp has a file of the company's: Zendesk forgets an upload that nobody used within the hour.
func (d *draft) atWhatsApp(f conversation.File, effect string) {
	if !f.Out {
		return
	}
	d.log(conversation.Entry{Type: "file", Author: conversation.AuthorAgent, Effect: effect, File: &f})
	d.outgoing(func(a *conversation.Attached) {
		if a.File.ID == f.ID {
			a.File.Media = f.Media
		}
	})
}

// notSent leaves a file off the ticket that the customer will never have.
func (d *draft) notSent(f conversation.File) {
	c := d.Thread.Conversation
	c.Attached = slices.DeleteFunc(c.Attached, func(a conversation.Attached) bool { return a.File.Out && a.File.ID == f.ID })
}

// staleUploads lets those of the company's files be fetched again whose uploads are not good any more.
func (d *draft) staleUploads() {
	c := d.Thread.Conversation
	var fresh []conversation.Attached
	for _, a := range c.Attached {
		if a.File.Out && d.now.Sub(a.At) >= freshUpload {
			c.Files = append(c.Files, a.File)
			continue
		}
		fresh = append(fresh, a)
	}
	c.Attached = fresh
}

// freshUpload is how long after an upload it is still given to a comment that may have to wait.
const freshUpload = conversation.UploadLife - conversation.UploadLife/5
