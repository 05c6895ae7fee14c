package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/internal/app"
)

// mostDead is how many dead letters are listed.
const mostDead = 1000

// dead lists, shows, retries and drops dead letters; it also lists halted mailboxes and lets workers at one again.
func dead(ctx context.Context, s streams, args []string) (err error) {
	verbs := map[string]int{"list": 1, "show": 2, "retry": 2, "drop": 2} // and how many words they take
	if len(args) == 0 || verbs[args[0]] != len(args) {
		return errUsage
	}
	c, err := configured(false)
	if err != nil {
		return err
	}
	boxes, closeIt, err := app.OpenMailboxes(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeIt()) }()
	switch args[0] {
	case "list":
		return listDead(ctx, s, boxes)
	case "show":
		letter, err := boxes.DeadLetter(ctx, args[1])
		if err != nil {
			return err
		}
		return show(s, letter)
	case "retry":
		if strings.Contains(args[1], "|") { // a mailbox's key, no letter's id
			return resume(ctx, boxes, args[1])
		}
		return boxes.RetryDead(ctx, args[1])
	case "drop":
		return boxes.DropDead(ctx, args[1])
	}
	return errUsage
}

func listDead(ctx context.Context, s streams, boxes *mailbox.Store) error {
	letters, err := boxes.Dead(ctx, mostDead)
	if err != nil {
		return err
	}
	for _, d := range letters {
		fmt.Fprintf(s.out, "%s  %s  %s\n", d.ID, d.At.Format("2006-01-02 15:04:05"), d.Reason)
	}
	fmt.Fprintf(s.out, "%d dead letters\n", len(letters))
	halted, err := boxes.Halted(ctx)
	if err != nil {
		return err
	}
	for _, h := range halted {
		fmt.Fprintf(s.out, "%s  %s  %s\n", h.Key, h.Since.Format("2006-01-02 15:04:05"), h.Reason)
	}
	if len(halted) > 0 {
		fmt.Fprintf(s.out, "%d halted mailboxes; `ponte dead retry KEY` lets workers at one again\n", len(halted))
	}
	return nil
}

// errNotHalted says that a mailbox is at work.
var errNotHalted = errors.New("this mailbox is not halted")

// resume lets workers at a halted mailbox again.
func resume(ctx context.Context, boxes *mailbox.Store, key string) error {
	ok, err := boxes.Resume(ctx, key)
	if err == nil && !ok {
		err = errNotHalted
	}
	return err
}

// show prints one dead letter with the event that a retry would append, as text where it is no JSON.
func show(s streams, d mailbox.DeadLetter) error {
	var event any = json.RawMessage(d.Event)
	if !json.Valid(d.Event) {
		event = string(d.Event)
	}
	enc := json.NewEncoder(s.out)
	enc.SetIndent("", "  ")
	return enc.Encode(struct {
		mailbox.DeadLetter
		Event any `json:"event"`
	}{d, event})
}
