package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// filesDir is where a peer keeps files, "" when everything is in memory.
func (s *Sandbox) filesDir(peer string) string {
	if s.cfg.Dir == "" {
		return ""
	}
	return filepath.Join(s.cfg.Dir, peer+"-files")
}

func (s *Sandbox) getDeskKnobs([]byte, *http.Request) (any, error) {
	return s.Zendesk().Knobs(), nil
}

func (s *Sandbox) postDeskKnobs(body []byte, r *http.Request) (any, error) {
	var k *desk.Knobs
	if err := decode(body, &k); err != nil {
		return nil, err
	}
	if k == nil {
		return nil, clientError{errors.New("an object is needed")}
	}
	if err := s.Zendesk().SetKnobs(*k); err != nil {
		return nil, clientError{err}
	}
	return s.getDeskKnobs(nil, r)
}

// getDeskLimits adds the 429s that faults answered: they never reach the account.
func (s *Sandbox) getDeskLimits([]byte, *http.Request) (any, error) {
	out := s.Zendesk().Counters()
	faulty := 0
	for _, r := range s.traffic.Requests() {
		if r.Peer == peerZendesk && r.Status == http.StatusTooManyRequests {
			faulty += r.Count
		}
	}
	for _, r := range out.Requests {
		if r.Status == http.StatusTooManyRequests && !strings.HasPrefix(r.Path, desk.PagePrefix) {
			faulty -= r.Count
		}
	}
	out.Answered429 += max(faulty, 0)
	return out, nil
}

// getMails lists the e-mails that the account's triggers sent, narrowed by ?ticket_id= and ?to=.
func (s *Sandbox) getMails(_ []byte, r *http.Request) (any, error) {
	ticket, to := r.URL.Query().Get("ticket_id"), strings.ToLower(r.URL.Query().Get("to"))
	return slices.DeleteFunc(s.Zendesk().MailLog(), func(m desk.Mail) bool {
		return (ticket != "" && strconv.FormatInt(m.TicketID, 10) != ticket) || (to != "" && m.To != to)
	}), nil
}

// seedFullName is how control bodies call desk.SeedFull.
const seedFullName = "full"

// postAccount begins the simulated Zendesk anew with another seed. WhatsApp and the clock stay as they are.
func (s *Sandbox) postAccount(body []byte, _ *http.Request) (any, error) {
	var in struct {
		Seed string `json:"seed"`
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	seed := in.Seed
	switch seed {
	case seedFullName:
		seed = desk.SeedFull
	case desk.SeedMuted, desk.SeedEmpty:
	default:
		return nil, clientError{fmt.Errorf("seed %q is neither %q, %q nor %q", in.Seed, seedFullName, desk.SeedMuted, desk.SeedEmpty)}
	}
	return in, s.Zendesk().Reseed(seed)
}
