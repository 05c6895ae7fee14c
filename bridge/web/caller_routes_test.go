package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/ponte-desk/ponte/bridge/web"
)

// restricted are the operations that take more than an agent.
func restricted() map[string]web.Role {
	return map[string]web.Role{
		"overrule": web.RoleSupervisor, "makeReport": web.RoleSupervisor, "listReports": web.RoleSupervisor, "showReport": web.RoleSupervisor,
		"listWork": web.RoleSupervisor, "replayDead": web.RoleSupervisor, "dropDead": web.RoleSupervisor, "resumeHalted": web.RoleSupervisor,
		"addCanned": web.RoleSupervisor, "changeCanned": web.RoleSupervisor, "dropCanned": web.RoleSupervisor,
		"setLimit": web.RoleAdmin, "endSessions": web.RoleAdmin,
	}
}

// everybodys are the operations that are about no single conversation and open to all agents, who are shown what they may see.
func everybodys() []string {
	return []string{
		"describe", "redeemCode", // to the whole world
		"showSession", "endSession", "renewSession", "makeWindowCode", // about oneself
		"setPresence", "showDeskAnswer", // about oneself, and more for supervisors
		"showOverview", "stream", "listConversations", "showTicketsConversation", "findTickets", // of what one may see
		"listAgents", "listQueues", "start", "listTemplates", "listCatalogue", "listCanned",
	}
}

// operation is one of the API's, with a request that keeps its description.
type operation struct {
	id, method, path, body string
	open                   bool // it asks for no token
}

// operations are all that are described, with values that lead to the conversation of these tests.
func operations(t *testing.T) []operation {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(web.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	var all []operation
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			o := operation{id: op.OperationID, method: method, path: "/api/v1" + path, open: op.Security != nil && len(*op.Security) == 0}
			for name, value := range map[string]string{
				"session": session, "agent": "7", "number": apiNumber, "id": "command-1", "ticket": "35436", "file": "file-1", "key": "key-1",
			} {
				o.path = strings.ReplaceAll(o.path, "{"+name+"}", value)
			}
			for _, p := range slices.Concat(item.Parameters, op.Parameters) {
				if p.Value.In == openapi3.ParameterInQuery && p.Value.Required {
					o.path += "?" + p.Value.Name + "=" + fmt.Sprint(example(p.Value.Schema.Value))
				}
			}
			if op.RequestBody != nil {
				o.body = "x"
				if media := op.RequestBody.Value.GetMediaType("application/json"); media != nil {
					raw, err := json.Marshal(example(media.Schema.Value))
					if err != nil {
						t.Fatal(err)
					}
					o.body = string(raw)
				}
			}
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.id, b.id) })
	return all
}

// example is something that a schema allows, with what it requires alone.
func example(s *openapi3.Schema) any {
	switch {
	case len(s.Enum) > 0:
		return s.Enum[len(s.Enum)-1]
	case s.Format == "date-time":
		return "2026-11-20T18:00:00Z"
	case s.Type.Is("string"):
		return "command-1"
	case s.Type.Is("integer"):
		return 1
	case s.Type.Is("boolean"):
		return true
	case s.Type.Is("array"):
		return []any{example(s.Items.Value)}
	}
	out := map[string]any{}
	for _, name := range s.Required {
		out[name] = example(s.Properties[name].Value)
	}
	return out
}

// knock makes a request and tells its answer; a handler that lacks what is behind it was reached all the same.
func (c *counter) knock(token string, o operation) (rec *httptest.ResponseRecorder) {
	c.t.Helper()
	ctx, cancel := context.WithCancel(c.t.Context())
	cancel() // nothing streams
	rec = httptest.NewRecorder()
	defer func() {
		if recover() != nil {
			rec.Code = 0
		}
	}()
	r := httptest.NewRequestWithContext(ctx, o.method, o.path, strings.NewReader(o.body))
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if o.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	c.echo.ServeHTTP(rec, r)
	return rec
}

// No operation is open to more than it says, and somebody has said of each to whom it is.
func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	c.thread.Conversation.Procedure.Queue = "Suporte N1"
	for _, o := range operations(t) {
		role, above := restricted()[o.id]
		scoped := strings.Contains(o.path, session)
		switch {
		case !above && !scoped && !slices.Contains(everybodys(), o.id):
			t.Errorf("%s (%s %s): say in this test who may do it", o.id, o.method, o.path)
		case o.open:
			continue
		case !above:
			role = web.RoleAgent
		}
		for _, token := range []string{"", "7.ana.forged", nobodyToken, oldSecret} {
			if rec := c.knock(token, o); rec.Code != http.StatusUnauthorized || !strings.Contains(rec.Body.String(), `"unauthorized"`) {
				t.Errorf("%s with %q: %d %s", o.id, token, rec.Code, rec.Body)
			}
		}
		for token, has := range map[string]web.Role{anaToken: web.RoleAgent, heloToken: web.RoleSupervisor, adminToken: web.RoleAdmin, newSecret: web.RoleAdmin} {
			rec := c.knock(token, o)
			refused := rec.Code == http.StatusForbidden && strings.Contains(rec.Body.String(), `"forbidden"`)
			if refused != (has < role) || rec.Code == http.StatusUnauthorized {
				t.Errorf("%s with %s: %d %s", o.id, token, rec.Code, rec.Body)
			}
		}
	}
}

// Who does not serve a conversation's queue is told the same as of a conversation that there is not.
func TestOtherQueuesAreNotThere(t *testing.T) {
	t.Parallel()
	all := append(operations(t), operation{id: "listCanned, filled in", method: http.MethodGet, path: "/api/v1/canned?session=" + session})
	for _, o := range all {
		if !strings.Contains(o.path, session) {
			continue
		}
		c := openDesk(t)
		c.thread.Conversation.Procedure.Queue, c.thread.Conversation.Owner = "Suporte N1", 7
		hidden := c.knock(brunoToken, o)
		if o.id == "overrule" {
			continue // above their role in any case
		}
		kept := c.thread
		c.thread = nil
		unknown := c.knock(brunoToken, o)
		if hidden.Code != http.StatusNotFound || hidden.Code != unknown.Code || hidden.Body.String() != unknown.Body.String() || len(c.got) > 0 {
			t.Errorf("%s: %d %s; a conversation that there is not: %d %s; %d commands", o.id, hidden.Code, hidden.Body, unknown.Code, unknown.Body, len(c.got))
		}
		for token, sees := range map[string]bool{anaToken: true, heloToken: true, newSecret: true} {
			c.thread = kept
			if rec := c.knock(token, o); (rec.Code == http.StatusNotFound && rec.Body.String() == hidden.Body.String()) == sees {
				t.Errorf("%s with %s: %d %s", o.id, token, rec.Code, rec.Body)
			}
		}
	}
}
