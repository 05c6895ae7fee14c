package app_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const connections = 8

// clients makes clients with a connection each.
func clients(t *testing.T) [connections]*http.Client {
	t.Helper()
	var all [connections]*http.Client
	for i := range all {
		transport := &http.Transport{MaxConnsPerHost: 1}
		t.Cleanup(transport.CloseIdleConnections)
		all[i] = &http.Client{Transport: transport, Timeout: soon}
	}
	return all
}

// atOnce has every client post at the same moment, each to the next of the instances; all must be answered 200.
func atOnce(t *testing.T, all [connections]*http.Client, to []*process, body func(i int) []byte) {
	t.Helper()
	var bodies [connections][]byte
	for i := range bodies {
		bodies[i] = body(i)
	}
	gate := make(chan struct{})
	var busy sync.WaitGroup
	for i, client := range all {
		busy.Go(func() {
			<-gate
			if status, err := post(client, to[i%len(to)], bodies[i]); err != nil || status != http.StatusOK {
				t.Errorf("connection %d: answered %d (%v)", i, status, err)
			}
		})
	}
	close(gate)
	busy.Wait()
}

// eightConnections delivers each message over eight connections at once, first while nobody works on them, so that what is
// stored can be counted, then has them worked on.
func eightConnections(f *fleet) {
	t := f.t
	const messages, contacts = 50, 5
	idle, all := f.start("PONTE_SESSIONS=0"), clients(t)
	people := make([]*person, contacts)
	for i := range people {
		people[i] = newPerson(i)
	}
	began := time.Now()
	for n := range messages {
		p := people[n%contacts]
		word := p.word("m", 1+n/contacts)
		body := p.hook(word)
		atOnce(t, all, []*process{idle}, func(int) []byte { return body })
		p.written = append(p.written, word)
	}
	took := since(began)
	stored, boxes := 0, 0
	for key := range f.scores("due") {
		n, err := f.r.Client.LLen(t.Context(), f.key(key, "in:"+key)).Result()
		if err != nil {
			t.Fatal(err)
		}
		stored, boxes = stored+int(n), boxes+1
	}
	if stored != messages || boxes != contacts {
		t.Errorf("%d messages stored in %d mailboxes; want %d in %d", stored, boxes, messages, contacts)
	}
	t.Logf("%d messages x %d connections in %s: %d answered 200, %d stored", messages, connections, took.Round(time.Millisecond), messages*connections, stored)
	f.start()
	f.bind(people)
	eventually(t, patience, "all messages are on tickets", f.quiet)
	f.judge(people)
}

// firstBurst has people nobody has heard of begin over eight connections to two instances at once: one with one message that is
// delivered eight times, one with eight messages.
func firstBurst(f *fleet) {
	t := f.t
	both, all := []*process{f.start(), f.start()}, clients(t)
	one, many := newPerson(1), newPerson(2)
	one.written = []string{one.word("m", 1)}
	body := one.hook(one.written[0])
	atOnce(t, all, both, func(int) []byte { return body })
	atOnce(t, all, both, func(i int) []byte {
		word := many.word("m", 1+i)
		many.written = append(many.written, word)
		return many.hook(word)
	})
	f.bind([]*person{one, many})
	eventually(t, patience, "everything is on a ticket", func() bool { return len(f.wordsOn(many.ticket, many.tag)) >= connections && f.quiet() })
	// Eight messages at once have no order, but each has its place.
	got := f.wordsOn(many.ticket, many.tag)
	if sorted := slices.Sorted(slices.Values(got)); slices.Equal(sorted, many.written) {
		many.written = got
	}
	f.judge([]*person{one, many})
	made := 0
	for _, ticket := range f.peers.Zendesk().Tickets() {
		if strings.HasPrefix(ticket.ExternalID, "wa-") {
			made++
		}
	}
	if made != 2 {
		t.Errorf("%d tickets for two people", made)
	}
}
