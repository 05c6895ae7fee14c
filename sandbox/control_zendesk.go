package sandbox

import (
	"errors"
	"net/http"
	"path/filepath"
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
