package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// TestWhoIsFoundByCreateOrUpdate goes through what the call looks for, and what it does not.
func TestWhoIsFoundByCreateOrUpdate(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		written object
		status  int
		found   bool // Maria, who is there already
	}{
		"her external id":              {object{"name": "x", "external_id": "ponte:1"}, 200, true},
		"her external id, other case":  {object{"name": "x", "external_id": "PONTE:1"}, 200, true},
		"her e-mail":                   {object{"name": "x", "email": "maria@x.example"}, 200, true},
		"her e-mail, other case":       {object{"name": "x", "email": "Maria@X.example"}, 200, true},
		"her second e-mail":            {object{"name": "x", "email": "silva@x.example"}, 200, true},
		"both":                         {object{"name": "x", "external_id": "ponte:1", "email": "maria@x.example"}, 200, true},
		"her id and a new e-mail":      {object{"name": "x", "external_id": "ponte:1", "email": "nova@x.example"}, 200, true},
		"her e-mail and a new id":      {object{"name": "x", "external_id": "ponte:2", "email": "maria@x.example"}, 200, true},
		"her phone alone":              {object{"name": "x", "phone": "+5511900001111"}, 201, false},
		"her name alone":               {object{"name": "Maria"}, 201, false},
		"a new id":                     {object{"name": "x", "external_id": "ponte:3"}, 201, false},
		"a new e-mail":                 {object{"name": "x", "email": "outra@x.example"}, 201, false},
		"empty keys":                   {object{"name": "x", "external_id": "", "email": ""}, 201, false},
		"null keys":                    {object{"name": "x", "external_id": nil, "email": nil}, 201, false},
		"her id and another's e-mail":  {object{"name": "x", "external_id": "ponte:1", "email": "juliana@ipe.example"}, 422, false},
		"no name for somebody new":     {object{"external_id": "ponte:9"}, 422, false},
		"no name for her":              {object{"external_id": "ponte:1", "notes": "x"}, 200, true},
		"an id that is a number":       {object{"name": "x", "external_id": 1}, 400, false},
		"white around her external id": {object{"name": "x", "external_id": " ponte:1 "}, 201, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			maria := b.newPerson(object{"name": "Maria", "external_id": "ponte:1", "email": "maria@x.example", "phone": "+5511900001111"})
			maria.add("email", "silva@x.example").want(201)
			before := len(b.desk.Users())
			r := b.call("POST", "/api/v2/users/create_or_update", object{"user": tt.written}).want(tt.status)
			if tt.status >= 400 {
				if n := len(b.desk.Users()); n != before {
					t.Errorf("%d users, %d before", n, before)
				}
				maria.is("Maria", "name")
				return
			}
			if found := r.id("user", "id") == maria.id; found != tt.found {
				t.Errorf("found %v, want %v", found, tt.found)
			}
			if want := baseURL + "/api/v2/users/" + itoa(r.id("user", "id")) + ".json"; r.header.Get("Location") != want {
				t.Errorf("location %q", r.header.Get("Location"))
			}
			if n := len(b.desk.Users()); (n == before) != tt.found {
				t.Errorf("%d users, %d before", n, before)
			}
		})
	}
}

// TestWhatAUserWriteKeeps writes one key at a time over a user.
func TestWhatAUserWriteKeeps(t *testing.T) {
	t.Parallel()
	b := setup(t)
	boavista := b.org("Atacado Boa Vista S.A.")
	for name, tt := range map[string]struct {
		written object
		key     string
		want    any
	}{
		"name":              {object{"name": "  Nova "}, "name", "Nova"},
		"notes":             {object{"notes": "VIP"}, "notes", "VIP"},
		"no notes":          {object{"notes": nil}, "notes", nil},
		"details":           {object{"details": "d"}, "details", "d"},
		"alias":             {object{"alias": "a"}, "alias", "a"},
		"signature":         {object{"signature": "s"}, "signature", "s"},
		"tags":              {object{"tags": []string{"B", "a a"}}, "tags", []string{"a", "b"}},
		"locale":            {object{"locale": "en-US"}, "locale", "en-US"},
		"time zone":         {object{"time_zone": "London"}, "time_zone", "London"},
		"suspended":         {object{"suspended": true}, "suspended", true},
		"moderator":         {object{"moderator": true}, "moderator", true},
		"verified":          {object{"verified": true}, "verified", true},
		"skip verification": {object{"skip_verify_email": true}, "verified", true},
		"external id":       {object{"external_id": "e"}, "external_id", "e"},
		"no external id":    {object{"external_id": ""}, "external_id", nil},
		"organisation":      {object{"organization_id": boavista}, "organization_id", boavista},
		"by its name":       {object{"organization": object{"name": "ATACADO BOA VISTA S.A."}}, "organization_id", boavista},
		"by a wrong name":   {object{"organization": object{"name": "Nada"}}, "organization_id", nil},
		"phone":             {object{"phone": "+5511900002222"}, "phone", "+5511900002222"},
		"role":              {object{"role": "agent"}, "role", "agent"},
		"restriction":       {object{"ticket_restriction": "requested"}, "ticket_restriction", "requested"},
		"private comments":  {object{"only_private_comments": true}, "only_private_comments", true},
		"never active":      {object{"active": false}, "active", true},
		"never shared":      {object{"shared_phone_number": true}, "shared_phone_number", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			p := b.newPerson(object{"name": "Maria"})
			b.pass(time.Minute)
			before := b.get(p.path())
			r := p.change(tt.written).want(200).is(tt.want, "user", tt.key).is("2026-11-22T12:01:00Z", "user", "updated_at").
				is(before.text("user", "created_at"), "user", "created_at")
			after, _ := r.at("user").(object)
			for key, was := range before.at("user").(object) {
				if key == tt.key || key == "updated_at" || key == "shared_phone_number" || (key == "role_type" && tt.key == "role") {
					continue
				}
				if asJSON(after[key]) != asJSON(was) {
					t.Errorf("%s was %s, is %s", key, asJSON(was), asJSON(after[key]))
				}
			}
		})
	}
}

func TestDeletedUsers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.newPerson(object{"name": "Maria", "external_id": "ponte:1", "email": "maria@x.example", "phone": "+5511900001111"})
	id := b.ticket(object{"requester_id": p.id})
	b.call("DELETE", p.path(), nil).want(422).is("InvalidValue", "details", "base", 0, "error")
	for _, status := range []string{"open", "pending", "hold"} {
		b.put(id, object{"status": status}).want(200)
		b.call("DELETE", p.path(), nil).want(422)
	}
	b.put(id, object{"status": "solved"}).want(200)
	b.call("DELETE", p.path(), nil).want(200).is(false, "user", "active").is(nil, "user", "email").is(nil, "user", "phone").
		is(nil, "user", "shared_phone_number").is("Maria", "user", "name")
	b.call("DELETE", p.path(), nil).want(404)
	b.call("DELETE", "/api/v2/users/5", nil).want(404)
	// The record stays, its ways to be found are free again.
	b.get(p.path()).want(200).is(false, "user", "active")
	b.get("/api/v2/users?role=end-user").want(200)
	b.get(p.path("/identities")).want(200).is([]any{}, "identities")
	b.pass(time.Minute)
	b.get("/api/v2/users/search?query=phone:5511900001111").want(200).is(0, "count")
	b.get("/api/v2/users/search?external_id=ponte:1").want(200).is(0, "count")
	next := b.newPerson(object{"name": "Outra", "email": "maria@x.example", "phone": "+5511900001111"})
	if got := next.known(); got != "email:maria@x.example! phone_number:+5511900001111!" {
		t.Errorf("known %s", got)
	}
	// They can ask for nothing new.
	b.put(id, object{"requester_id": p.id}).want(200) // they still are
	b.call("POST", "/api/v2/tickets", object{"ticket": object{"comment": "x", "requester_id": p.id}}).want(422)
	other := b.ticket(nil)
	b.put(other, object{"requester_id": p.id}).want(422)
}

// TestUserWritesPerSecondAndUser is about the two limits of user writes, by every call that counts.
func TestUserWritesPerSecondAndUser(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		write   func(b *bench, p person, n int) *reply
		perUser bool
	}{
		"PUT": {func(_ *bench, p person, n int) *reply { return p.change(object{"notes": fmt.Sprint(n)}) }, true},
		"create_or_update, same": {func(b *bench, _ person, n int) *reply {
			return b.call("POST", "/api/v2/users/create_or_update", object{"user": object{"external_id": "ponte:1", "notes": fmt.Sprint(n)}})
		}, true},
		"create_or_update, new": {func(b *bench, _ person, n int) *reply {
			return b.call("POST", "/api/v2/users/create_or_update", object{"user": object{"name": "x", "external_id": fmt.Sprint("novo:", n)}})
		}, false},
		"POST": {func(b *bench, _ person, n int) *reply {
			return b.call("POST", "/api/v2/users", object{"user": object{"name": fmt.Sprint("pessoa ", n)}})
		}, false},
		"on the page": {func(b *bench, p person, n int) *reply {
			return b.page(b.user("Ana Beatriz Souza").ID, "PUT", "/users/"+itoa(p.id), object{"user": object{"notes": fmt.Sprint(n)}})
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			p := b.newPerson(object{"name": "Maria", "external_id": "ponte:1"})
			b.knobs(desk.Knobs{Plan: "professional"})
			b.pass(time.Second)
			if r := tt.write(b, p, 0); r.status >= 300 {
				t.Fatalf("first: %d %s", r.status, r.raw)
			} else if got := r.header.Get("Zendesk-RateLimit-users-write-account"); got != "total=1; remaining=0; resets=1" {
				t.Errorf("header %q", got)
			}
			if r := tt.write(b, p, 1).want(429); r.header.Get("Retry-After") != "1" {
				t.Errorf("Retry-After %q", r.header.Get("Retry-After"))
			}
			good := 1
			for n := range 9 {
				b.pass(time.Second)
				if tt.write(b, p, 10+n).status < 300 {
					good++
				}
			}
			want := 10
			if tt.perUser {
				want = 5
			}
			if good != want {
				t.Errorf("%d of ten writes in ten seconds, want %d", good, want)
			}
			b.pass(time.Minute)
			if r := tt.write(b, p, 99); r.status >= 300 {
				t.Errorf("a minute later: %d", r.status)
			}
		})
	}
}

// TestIdentitiesNeverHaveTwoOwners writes users and identities in any order.
func TestIdentitiesNeverHaveTwoOwners(t *testing.T) {
	t.Parallel()
	b := setup(t, noHooks)
	b.restart("")
	phones := []string{"+5511900000001", "+5511900000002", "+5511900000003"}
	mails := []string{"a@x.example", "b@x.example", "c@x.example"}
	rapid.Check(t, func(rt *rapid.T) {
		var people []person
		for n := range 3 {
			people = append(people, b.newPerson(object{"name": fmt.Sprint("p", n)}))
		}
		for range rapid.IntRange(1, 20).Draw(rt, "steps") {
			p := rapid.SampledFrom(people).Draw(rt, "who")
			switch rapid.IntRange(0, 4).Draw(rt, "what") {
			case 0:
				p.change(object{"phone": rapid.SampledFrom(append(phones, "")).Draw(rt, "phone")})
			case 1:
				p.change(object{"email": rapid.SampledFrom(mails).Draw(rt, "mail")})
			case 2:
				p.add("phone_number", rapid.SampledFrom(phones).Draw(rt, "phone"))
			case 3:
				p.add("email", rapid.SampledFrom(mails).Draw(rt, "mail"), object{"primary": rapid.Bool().Draw(rt, "primary")})
			case 4:
				r := b.get(p.path("/identities"))
				if n := r.len("identities"); n > 0 {
					id := r.id("identities", rapid.IntRange(0, n-1).Draw(rt, "which"), "id")
					b.call("DELETE", p.path("/identities/", itoa(id)), nil).want(204)
				}
			}
		}
		owners := map[string]int64{}
		for _, p := range people {
			shown := b.get(p.path()).want(200)
			primaries := map[string]string{}
			for one := range strings.FieldsSeq(p.known()) {
				value := strings.TrimSuffix(one, "!")
				if other, taken := owners[value]; taken {
					rt.Fatalf("%s belongs to %d and %d", value, other, p.id)
				}
				owners[value] = p.id
				if kind, own, _ := strings.Cut(value, ":"); one != value {
					if primaries[kind] != "" {
						rt.Fatalf("two primary ones: %s", p.known())
					}
					primaries[kind] = own
				}
			}
			if mail := shown.text("user", "email"); owners["email:"+mail] != p.id && mail != "" || mail != primaries["email"] {
				rt.Fatalf("%q is shown for %d, who has %s", mail, p.id, p.known())
			}
			phone := shown.text("user", "phone")
			own := phone != "" && owners["phone_number:"+phone] == p.id
			if shared := shown.at("user", "shared_phone_number"); phone != "" && shared == false && !own {
				rt.Fatalf("%s is a direct line of %d, who has %s", phone, p.id, p.known())
			}
		}
		for _, p := range people {
			b.call("DELETE", p.path(), nil).want(200)
		}
	})
}
