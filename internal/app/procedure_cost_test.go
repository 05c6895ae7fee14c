package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/ponte-desk/ponte/sandbox/rig"
)

// costs is requests to Zendesk by endpoint, but for what the installation asks for all conversations together: the reconciliation's page
// every two minutes, and who Ponte itself is, once a process.
type costs map[string]int

// costs counts so far.
func (a *attendance) costs() costs {
	a.t.Helper()
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, base+"/sandbox/control/requests?by=endpoint", http.NoBody)
	rec := httptest.NewRecorder()
	a.peers.Handler().ServeHTTP(rec, r)
	var list []rig.RequestCount
	if err := json.Unmarshal(rec.Body.Bytes(), &list); err != nil {
		a.fatalf("counters: %v", err)
	}
	all := costs{}
	for _, c := range list {
		if c.Peer == "zendesk" && !strings.Contains(c.Path, "/incremental/") && !strings.HasSuffix(c.Path, "/users/me") {
			all[c.Method+" "+strings.TrimPrefix(c.Path, "/api/v2")] += c.Count
		}
	}
	return all
}

// since is what was asked for since then.
func (c costs) since(then costs) costs {
	more := costs{}
	for endpoint, n := range c {
		if n > then[endpoint] {
			more[endpoint] = n - then[endpoint]
		}
	}
	return more
}

func (c costs) sum() (n int) {
	for _, count := range c {
		n += count
	}
	return n
}

// lookups takes out what is looked up now and then for all conversations together: the account's ticket fields, groups and macros.
func (c costs) lookups() (own, shared costs) {
	own, shared = costs{}, costs{}
	for endpoint, n := range c {
		switch endpoint {
		case "GET /ticket_fields", "GET /groups", "GET /macros":
			shared[endpoint] = n
		default:
			own[endpoint] = n
		}
	}
	return own, shared
}

// String lists them.
func (c costs) String() string {
	lines := make([]string, 0, len(c))
	for _, endpoint := range slices.Sorted(maps.Keys(c)) {
		lines = append(lines, fmt.Sprintf("%d × %s", c[endpoint], endpoint))
	}
	return fmt.Sprintf("%d requests: %s", c.sum(), strings.Join(lines, ", "))
}
