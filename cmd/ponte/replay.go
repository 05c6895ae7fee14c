package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/inbound"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/whatsapp"
	"github.com/ponte-desk/ponte/zendesk"
)

// replay sends recorded webhooks to a running bridge, signed, and reports where every message went: on a ticket, or
// exempt by a rule. It fails when a webhook was not answered 200 or a message is on no ticket in time.
func replay(ctx context.Context, s streams, args []string) error {
	flags := flag.NewFlagSet("replay", flag.ContinueOnError)
	flags.SetOutput(s.err)
	verbose := flags.Bool("v", false, "print every message and its ticket")
	wait := flags.Duration("wait", 10*time.Minute, "how long to wait until every message is on a ticket; 0 does not look")
	if flags.Parse(args) != nil || flags.NArg() == 0 {
		return errUsage
	}
	c, err := configured(false)
	if err != nil {
		return err
	}
	c = app.DemoDefaults(c)
	r := replayer{s: s, c: c, verbose: *verbose, http: &http.Client{Timeout: 30 * time.Second}}
	if err := r.send(ctx, flags.Args()); err != nil {
		return err
	}
	r.printExempt()
	if *wait == 0 {
		return nil
	}
	return r.find(ctx, *wait)
}

type replayer struct {
	s       streams
	c       app.Config
	verbose bool
	http    *http.Client

	wanted  []string                   // messages that belong on a ticket, in the order first seen
	senders map[string]map[string]bool // message → who sent one of that id to which number: recordings reuse ids
	exempt  map[string][]string        // rule → what it exempts
}

// send posts every file and notes what it holds.
func (r *replayer) send(ctx context.Context, files []string) error {
	r.exempt, r.senders = map[string][]string{}, map[string]map[string]bool{}
	refused := 0
	for _, name := range files {
		body, err := os.ReadFile(name) // #nosec G304 -- the operator names the files
		if err != nil {
			return err
		}
		status, err := r.post(ctx, body)
		if err != nil {
			return err
		}
		if status != http.StatusOK {
			refused++
			fmt.Fprintf(r.s.out, "%s: answered %d\n", name, status)
		}
		r.note(body)
	}
	fmt.Fprintf(r.s.out, "%d webhooks sent, %d answered 200, %d not\n", len(files), len(files)-refused, refused)
	if refused > 0 {
		return fmt.Errorf("%d webhooks were not taken in", refused)
	}
	return nil
}

func (r *replayer) post(ctx context.Context, body []byte) (int, error) {
	secret, _, _ := strings.Cut(string(r.c.WhatsAppAppSecret), ",")
	mac := hmac.New(sha256.New, []byte(strings.TrimSpace(secret)))
	mac.Write(body)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(r.c.PublicURL, "/")+"/webhooks/whatsapp", bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("PONTE_PUBLIC_URL: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(whatsapp.SignatureHeader, "sha256="+hex.EncodeToString(mac.Sum(nil)))
	resp, err := r.http.Do(req)
	if err != nil {
		return 0, fmt.Errorf("send webhook: %w", err)
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err
}

// note sorts a webhook's updates into messages for tickets and exemptions.
func (r *replayer) note(body []byte) {
	updates, err := whatsapp.Parse(body)
	if err != nil {
		r.exempt["not parsed"] = append(r.exempt["not parsed"], err.Error())
		return
	}
	for _, u := range updates {
		route := inbound.RouteOf(u)
		rule := route.Rule
		id := u.Field
		switch {
		case u.Message != nil:
			id = u.Message.ID
		case u.Status != nil:
			id = u.Status.ID + " " + u.Status.State
		}
		if rule == inbound.RuleMessage {
			if !slices.Contains(r.wanted, id) {
				r.wanted = append(r.wanted, id)
				r.senders[id] = map[string]bool{}
			}
			who := route.Person.UserID
			if who == "" {
				who = route.Person.Phone
			}
			r.senders[id][u.NumberID+" "+who] = true
			continue
		}
		if !slices.Contains(r.exempt[rule], id) {
			r.exempt[rule] = append(r.exempt[rule], id)
		}
	}
}

func (r *replayer) printExempt() {
	fmt.Fprintf(r.s.out, "%d messages belong on a ticket\n", len(r.wanted))
	rules := make([]string, 0, len(r.exempt))
	for rule := range r.exempt {
		rules = append(rules, rule)
	}
	slices.Sort(rules)
	for _, rule := range rules {
		fmt.Fprintf(r.s.out, "exempt by rule %s: %d\n", rule, len(r.exempt[rule]))
		for _, id := range r.exempt[rule] {
			fmt.Fprintf(r.s.out, "  %s\n", id)
		}
	}
}

// lookEvery is the pause between looks at Zendesk.
const lookEvery = 5 * time.Second

// find waits until every message is on a ticket, by the metadata of the tickets' updates.
func (r *replayer) find(ctx context.Context, wait time.Duration) error {
	desk, err := r.desk()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	l := look{desk: desk, seen: map[int64]time.Time{}, on: map[string]map[int64]int{}}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		lookErr := l.all(ctx)
		missing := l.missing(r.wanted, r.senders)
		if len(missing) == 0 {
			return r.report(l)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			fmt.Fprintf(r.s.out, "on no ticket: %s\n", strings.Join(missing, " "))
			return errors.Join(fmt.Errorf("%d messages are on no ticket after %s", len(missing), wait), lookErr)
		}
	}
}

func (r *replayer) desk() (*zendesk.Client, error) {
	cfg := zendesk.Config{BaseURL: r.c.ZendeskURL, Now: time.Now}
	if r.c.ZendeskClientID == app.DemoClientID {
		cfg.StaticToken = "demo"
	} else {
		cfg.ClientID, cfg.ClientSecret, cfg.Tokens = r.c.ZendeskClientID, r.c.ZendeskClientSecret, zendesk.NewMemoryTokens()
	}
	return zendesk.New(cfg)
}

func (r *replayer) report(l look) error {
	tickets := map[int64]bool{}
	for _, id := range r.wanted {
		for ticket := range l.on[id] {
			tickets[ticket] = true
			if r.verbose {
				fmt.Fprintf(r.s.out, "%s on ticket %d\n", id, ticket)
			}
		}
	}
	doubled := l.doubled(r.wanted, r.senders)
	fmt.Fprintf(r.s.out, "all %d messages are on a ticket (%d tickets); %d more than once\n", len(r.wanted), len(tickets), len(doubled))
	if len(doubled) > 0 {
		return fmt.Errorf("more than once on a ticket: %s", strings.Join(doubled, " "))
	}
	return nil
}
