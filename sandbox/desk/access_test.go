package desk_test

import (
	"slices"
	"strings"
	"testing"
)

// endpoint is one route of the account's API as somebody calls it; ids in braces are filled in by fill.
type endpoint struct {
	method, path string
	body         any
	missing      bool // what the path names does not exist in a seeded account
}

// endpoints lists the whole API, but for signing in and file contents.
func endpoints() []endpoint {
	ticket := object{"ticket": object{"comment": object{"body": "x"}}}
	return []endpoint{
		{method: "GET", path: "/api/v2/oauth/tokens/current"},
		{method: "PUT", path: "/api/v2/tickets/update_many?ids={ticket}", body: object{"ticket": object{"subject": "x"}}},
		{method: "POST", path: "/api/v2/tickets/create_many", body: object{"tickets": []object{{"comment": "x"}}}},
		{method: "GET", path: "/api/v2/job_statuses"},
		{method: "GET", path: "/api/v2/job_statuses/x", missing: true},
		{method: "GET", path: "/api/v2/tickets"},
		{method: "POST", path: "/api/v2/tickets", body: ticket},
		{method: "GET", path: "/api/v2/tickets/count"},
		{method: "GET", path: "/api/v2/tickets/show_many?ids={ticket}"},
		{method: "GET", path: "/api/v2/tickets/{ticket}"},
		{method: "PUT", path: "/api/v2/tickets/{ticket}", body: ticket},
		{method: "GET", path: "/api/v2/tickets/{ticket}/tags"},
		{method: "POST", path: "/api/v2/tickets/{ticket}/tags", body: object{"tags": []string{"a"}}},
		{method: "PUT", path: "/api/v2/tickets/{ticket}/tags", body: object{"tags": []string{"a"}}},
		{method: "DELETE", path: "/api/v2/tickets/{ticket}/tags", body: object{"tags": []string{"whatsapp"}}},
		{method: "GET", path: "/api/v2/tickets/{ticket}/comments"},
		{method: "GET", path: "/api/v2/tickets/{ticket}/comments/count"},
		{method: "PUT", path: "/api/v2/tickets/{ticket}/comments/{comment}/redact", body: object{"text": "x"}},
		{method: "PUT", path: "/api/v2/tickets/{ticket}/comments/{comment}/make_private"},
		{method: "GET", path: "/api/v2/tickets/{ticket}/audits"},
		{method: "GET", path: "/api/v2/tickets/{ticket}/audits/count"},
		{method: "GET", path: "/api/v2/tickets/{ticket}/audits/{audit}"},
		{method: "GET", path: "/api/v2/tickets/{ticket}/macros/{macro}/apply"},
		{method: "GET", path: "/api/v2/users/{user}/tickets/requested"},
		{method: "GET", path: "/api/v2/users/{user}/tickets/requested/count"},
		{method: "GET", path: "/api/v2/users/{user}/tickets/assigned"},
		{method: "GET", path: "/api/v2/users/{user}/tickets/assigned/count"},
		{method: "GET", path: "/api/v2/users/{user}/tickets/ccd"},
		{method: "GET", path: "/api/v2/organizations/{org}/tickets"},
		{method: "GET", path: "/api/v2/organizations/{org}/tickets/count"},
		{method: "GET", path: "/api/v2/macros"},
		{method: "GET", path: "/api/v2/macros/active"},
		{method: "GET", path: "/api/v2/macros/search?query=x"},
		{method: "GET", path: "/api/v2/macros/actions"},
		{method: "GET", path: "/api/v2/macros/definitions"},
		{method: "GET", path: "/api/v2/macros/categories"},
		{method: "GET", path: "/api/v2/macros/{macro}"},
		{method: "GET", path: "/api/v2/macros/{macro}/apply"},
		{method: "POST", path: "/api/v2/macros", body: object{"macro": object{"title": "x", "actions": []object{{"field": "status", "value": "open"}}}}},
		{method: "PUT", path: "/api/v2/macros/{macro}", body: object{"macro": object{"title": "x"}}},
		{method: "GET", path: "/api/v2/custom_roles"},
		{method: "GET", path: "/api/v2/users"},
		{method: "POST", path: "/api/v2/users", body: object{"user": object{"name": "x"}}},
		{method: "POST", path: "/api/v2/users/create_or_update", body: object{"user": object{"name": "x", "external_id": "x"}}},
		{method: "GET", path: "/api/v2/users/me"},
		{method: "GET", path: "/api/v2/users/search?query=x"},
		{method: "GET", path: "/api/v2/users/autocomplete?name=xx"},
		{method: "GET", path: "/api/v2/users/show_many?ids={user}"},
		{method: "GET", path: "/api/v2/users/count"},
		{method: "GET", path: "/api/v2/users/{user}"},
		{method: "PUT", path: "/api/v2/users/{user}", body: object{"user": object{"notes": "x"}}},
		{method: "GET", path: "/api/v2/users/{user}/related"},
		{method: "GET", path: "/api/v2/users/{user}/identities"},
		{method: "POST", path: "/api/v2/users/{user}/identities", body: object{"identity": object{"type": "twitter", "value": "x"}}},
		{method: "GET", path: "/api/v2/users/{user}/identities/{identity}"},
		{method: "PUT", path: "/api/v2/users/{user}/identities/{identity}", body: object{"identity": object{"verified": true}}},
		{method: "PUT", path: "/api/v2/users/{user}/identities/{identity}/make_primary"},
		{method: "PUT", path: "/api/v2/users/{user}/identities/{identity}/verify"},
		{method: "GET", path: "/api/v2/users/{user}/groups"},
		{method: "GET", path: "/api/v2/users/{user}/group_memberships"},
		{method: "GET", path: "/api/v2/users/{user}/organizations"},
		{method: "GET", path: "/api/v2/users/{user}/organization_memberships"},
		{method: "GET", path: "/api/v2/organizations"},
		{method: "POST", path: "/api/v2/organizations", body: object{"organization": object{"name": "x"}}},
		{method: "GET", path: "/api/v2/organizations/search?name=x"},
		{method: "GET", path: "/api/v2/organizations/autocomplete?name=xx"},
		{method: "GET", path: "/api/v2/organizations/count"},
		{method: "GET", path: "/api/v2/organizations/show_many?ids={org}"},
		{method: "POST", path: "/api/v2/organizations/create_or_update", body: object{"organization": object{"name": "Atacado Boa Vista S.A.", "notes": "x"}}},
		{method: "GET", path: "/api/v2/organizations/{org}/related"},
		{method: "GET", path: "/api/v2/organizations/{org}"},
		{method: "PUT", path: "/api/v2/organizations/{org}", body: object{"organization": object{"notes": "x"}}},
		{method: "GET", path: "/api/v2/organizations/{org}/users"},
		{method: "GET", path: "/api/v2/organizations/{org}/organization_memberships"},
		{method: "GET", path: "/api/v2/organization_memberships"},
		{method: "POST", path: "/api/v2/organization_memberships", body: object{"organization_membership": object{"user_id": "{agent}", "organization_id": "{org}"}}},
		{method: "GET", path: "/api/v2/organization_fields"},
		{method: "GET", path: "/api/v2/user_fields"},
		{method: "GET", path: "/api/v2/ticket_fields"},
		{method: "GET", path: "/api/v2/ticket_fields/count"},
		{method: "GET", path: "/api/v2/ticket_fields/{catalogue}/options"},
		{method: "GET", path: "/api/v2/ticket_fields/{catalogue}/options/{option}"},
		{method: "POST", path: "/api/v2/ticket_fields/{catalogue}/options", body: object{"custom_field_option": object{"name": "X", "value": "x"}}},
		{method: "GET", path: "/api/v2/ticket_fields/{field}"},
		{method: "PUT", path: "/api/v2/ticket_fields/{field}", body: object{"ticket_field": object{"description": "x"}}},
		{method: "GET", path: "/api/v2/ticket_forms"},
		{method: "GET", path: "/api/v2/groups"},
		{method: "GET", path: "/api/v2/groups/assignable"},
		{method: "GET", path: "/api/v2/groups/count"},
		{method: "GET", path: "/api/v2/groups/{group}"},
		{method: "PUT", path: "/api/v2/groups/{group}", body: object{"group": object{"description": "x"}}},
		{method: "GET", path: "/api/v2/groups/{group}/users"},
		{method: "GET", path: "/api/v2/groups/{group}/memberships"},
		{method: "GET", path: "/api/v2/group_memberships"},
		{method: "GET", path: "/api/v2/group_memberships/assignable"},
		{method: "GET", path: "/api/v2/views"},
		{method: "GET", path: "/api/v2/views/active"},
		{method: "GET", path: "/api/v2/views/compact"},
		{method: "GET", path: "/api/v2/views/count"},
		{method: "GET", path: "/api/v2/views/search?query=whatsapp"},
		{method: "GET", path: "/api/v2/views/{view}"},
		{method: "GET", path: "/api/v2/views/{view}/tickets"},
		{method: "GET", path: "/api/v2/views/{view}/execute"},
		{method: "GET", path: "/api/v2/views/{view}/count"},
		{method: "GET", path: "/api/v2/views/count_many?ids={view}"},
		{method: "GET", path: "/api/v2/triggers"},
		{method: "GET", path: "/api/v2/triggers/active"},
		{method: "GET", path: "/api/v2/triggers/search?query=x"},
		{method: "GET", path: "/api/v2/triggers/definitions"},
		{method: "GET", path: "/api/v2/triggers/{trigger}"},
		{method: "PUT", path: "/api/v2/triggers/{trigger}", body: object{"trigger": object{"description": "x"}}},
		{method: "POST", path: "/api/v2/uploads?filename=a.txt", body: "x"},
		{method: "DELETE", path: "/api/v2/uploads/x", missing: true},
		{method: "GET", path: "/api/v2/attachments/5", missing: true},
		{method: "GET", path: "/api/v2/search?query=type:ticket"},
		{method: "GET", path: "/api/v2/search/count?query=type:ticket"},
		{method: "GET", path: "/api/v2/search/export?filter[type]=ticket&query=x"},
		{method: "GET", path: "/api/v2/incremental/tickets/cursor?start_time=0"},
		{method: "GET", path: "/api/v2/incremental/users/cursor?start_time=0"},
		{method: "GET", path: "/api/v2/incremental/ticket_events?start_time=0"},
		{method: "GET", path: "/api/v2/webhooks"},
		{method: "POST", path: "/api/v2/webhooks", body: hook(nil)},
		{method: "GET", path: "/api/v2/webhooks/{webhook}"},
		{method: "PATCH", path: "/api/v2/webhooks/{webhook}", body: object{"webhook": object{"name": "x"}}},
		{method: "PUT", path: "/api/v2/webhooks/{webhook}", body: object{"webhook": object{"name": "x"}}},
		{method: "GET", path: "/api/v2/webhooks/{webhook}/signing_secret"},
		{method: "POST", path: "/api/v2/webhooks/{webhook}/signing_secret"},
		{method: "GET", path: "/api/v2/webhooks/{webhook}/invocations"},
		{method: "GET", path: "/api/v2/webhooks/{webhook}/invocations/x/attempts", missing: true},
	}
}

// fill puts the ids of a seeded account into paths and bodies.
func (b *bench) fill() func(e endpoint) endpoint {
	b.t.Helper()
	ticket := b.ticket(nil)
	juliana := b.user("Juliana Castro").ID
	names := map[string]string{
		"ticket": itoa(ticket), "user": itoa(juliana), "agent": itoa(b.user("Ana Beatriz Souza").ID), "org": itoa(b.org("Atacado Boa Vista S.A.")),
		"group": itoa(b.group("Suporte N1")), "macro": itoa(b.macro("Pedir mais informações")), "field": itoa(b.field("CNPJ")),
		"catalogue": itoa(b.field("Catálogo de serviços")),
		"option":    itoa(b.get("/api/v2/ticket_fields/"+itoa(b.field("Catálogo de serviços"))+"/options").id("custom_field_options", 0, "id")),
		"comment":   itoa(b.desk.Comments(ticket)[0].ID),
		"audit":     itoa(b.get(ticketPath(ticket, "/audits")).id("audits", 0, "id")),
		"identity":  itoa(b.get("/api/v2/users/"+itoa(juliana)+"/identities").id("identities", 0, "id")),
		"view":      itoa(b.get("/api/v2/views").id("views", 0, "id")),
		"trigger":   itoa(b.get("/api/v2/triggers").id("triggers", 0, "id")),
		"webhook":   b.get("/api/v2/webhooks").text("webhooks", 0, "id"),
	}
	replace := func(s string) string {
		for name, id := range names {
			s = strings.ReplaceAll(strings.ReplaceAll(s, `"{`+name+`}"`, id), "{"+name+"}", id)
		}
		return s
	}
	return func(e endpoint) endpoint {
		e.path = replace(e.path)
		if o, isObject := e.body.(object); isObject {
			e.body = replace(asJSON(o))
		}
		return e
	}
}

func (e endpoint) name() string {
	path, _, _ := strings.Cut(e.path, "?")
	return e.method + " " + path
}

// withSuffix is the path as most clients write it.
func (e endpoint) withSuffix() string {
	path, query, found := strings.Cut(e.path, "?")
	if found {
		return path + ".json?" + query
	}
	return path + ".json"
}

func TestEveryEndpointAnswers(t *testing.T) {
	t.Parallel()
	for _, e := range endpoints() {
		t.Run(e.name(), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			e := b.fill()(e)
			for _, path := range []string{e.path, e.withSuffix()} {
				r := b.call(e.method, path, e.body)
				if (r.status < 300) == e.missing && (!strings.HasSuffix(path, ".json") || r.status != 422) {
					t.Errorf("%s: %d %s", path, r.status, r.raw)
				}
				if kind := r.header.Get("Content-Type"); r.status != 204 && kind != "application/json; charset=utf-8" {
					t.Errorf("%s: type %q", path, kind)
				}
				if r.status != 204 && r.header.Get("X-Content-Type-Options") != "nosniff" {
					t.Errorf("%s: headers %v", path, r.header)
				}
			}
		})
	}
}

func TestEveryEndpointWantsAToken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	fill := b.fill()
	stranger := b.call("POST", "/oauth/tokens", grant(object{"scope": "pombos:read pombos:write"})).want(201).text("access_token")
	for _, e := range endpoints() {
		e := fill(e)
		for _, auth := range []string{"", "Bearer", "Bearer errado", "Basic ZGVtbw==", "Token demo"} {
			r := b.call(e.method, e.path, e.body, "Authorization", auth).want(401).is("invalid_token", "error")
			if !strings.HasPrefix(r.header.Get("Www-Authenticate"), "Bearer ") {
				t.Errorf("%s: %q", e.name(), r.header.Get("Www-Authenticate"))
			}
			if strings.Contains(string(r.raw), "errado") {
				t.Errorf("%s: the answer holds the token", e.name())
			}
		}
		r := b.call(e.method, e.path, e.body, "Authorization", "Bearer "+stranger).want(403).is("Forbidden", "error")
		if strings.Contains(string(r.raw), stranger) {
			t.Errorf("%s: the answer holds the token", e.name())
		}
	}
}

func TestScopesOfEveryEndpoint(t *testing.T) {
	t.Parallel()
	b := setup(t)
	fill := b.fill()
	tokens := map[string]string{}
	bearer := func(scope string) string {
		if tokens[scope] == "" {
			tokens[scope] = "Bearer " + b.call("POST", "/oauth/tokens", grant(object{"scope": scope})).want(201).text("access_token")
		}
		return tokens[scope]
	}
	for _, e := range endpoints() {
		e := fill(e)
		need, other := "write", "read"
		if e.method == "GET" {
			need, other = "read", "write"
		}
		resource := strings.Split(e.path, "/")[3]
		resource, _, _ = strings.Cut(resource, "?")
		for scope, good := range map[string]bool{
			need: true, other: false, resource + ":" + need: true, resource + ":" + other: false, "x:" + need: false, "read write": true,
			"tickets:write users:read x:y " + resource + ":" + need: true,
		} {
			r := b.call(e.method, e.path, e.body, "Authorization", bearer(scope))
			if (r.status != 403) != good {
				t.Errorf("%s with %q: %d %s", e.name(), scope, r.status, r.raw)
			}
		}
	}
}

func TestWrongMethods(t *testing.T) {
	t.Parallel()
	b := setup(t)
	fill := b.fill()
	allowed := map[string][]string{}
	paths := map[string]string{}
	for _, e := range endpoints() {
		filled := fill(e)
		path, _, _ := strings.Cut(filled.path, "?")
		allowed[path] = append(allowed[path], e.method)
		paths[path] = path
	}
	for path := range paths {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			if slices.Contains(allowed[path], method) {
				continue
			}
			r := b.call(method, path, object{}, "Authorization", "Bearer errado")
			if r.status == 401 { // a method that the list above does not use
				continue
			}
			r.want(405).is("MethodNotAllowed", "error")
			allow := strings.Split(r.header.Get("Allow"), ", ")
			for _, m := range allowed[path] {
				if !slices.Contains(allow, m) {
					t.Errorf("%s: %s is not among %v", path, m, allow)
				}
			}
			if slices.Contains(allow, method) {
				t.Errorf("%s: %s is refused and among %v", path, method, allow)
			}
		}
	}
}

// TestEveryUnknownIDIsA404 asks for records that are not there.
func TestEveryUnknownIDIsA404(t *testing.T) {
	t.Parallel()
	b := setup(t)
	fill := b.fill()
	for _, e := range endpoints() {
		if !strings.Contains(e.path, "{") || strings.Contains(e.path, "?ids=") {
			continue
		}
		wrong := e
		first := strings.Index(e.path, "{")
		end := strings.Index(e.path[first:], "}")
		wrong.path = e.path[:first] + "5" + e.path[first+end+1:]
		wrong = fill(wrong)
		b.call(wrong.method, wrong.path, wrong.body).want(404).is("RecordNotFound", "error")
	}
}

func TestBodiesThatAreNoJSON(t *testing.T) {
	t.Parallel()
	b := setup(t)
	fill := b.fill()
	for _, e := range endpoints() {
		if e.body == nil || e.method == "GET" || strings.HasPrefix(e.path, "/api/v2/uploads") {
			continue
		}
		e := fill(e)
		for name, body := range map[string]string{
			"cut": "{", "empty": "", "a list": "[]", "a text": `"x"`, "a number": "7", "markup": "<x/>", "two": "{}{}", "wrong kind": `{"ticket":5,"tickets":5,"user":5,"tags":5}`,
		} {
			r := b.call(e.method, e.path, body)
			if r.status != 400 && r.status != 422 {
				t.Errorf("%s, %s: %d %s", e.name(), name, r.status, r.raw)
			}
			if r.text("error") == "" {
				t.Errorf("%s, %s: no envelope: %s", e.name(), name, r.raw)
			}
		}
	}
}

func TestBodiesThatAreTooLong(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(nil)
	long := `{"ticket":{"comment":{"body":"` + strings.Repeat("x", 5<<20) + `"}}}`
	for path, method := range map[string]string{"/api/v2/tickets": "POST", ticketPath(id): "PUT", "/api/v2/users": "POST", "/oauth/tokens": "POST"} {
		b.call(method, path, long).want(413).is("RequestEntityTooLarge", "error")
	}
	if n := len(b.desk.Comments(id)); n != 1 {
		t.Errorf("%d comments", n)
	}
}
