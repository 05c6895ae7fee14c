package desk_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// person is a user of a test and the paths below them.
type person struct {
	b  *bench
	id int64
}

func (b *bench) person(name string) person { b.t.Helper(); return person{b, b.user(name).ID} }

// newPerson makes a user.
func (b *bench) newPerson(u object) person {
	b.t.Helper()
	return person{b, b.call("POST", "/api/v2/users", object{"user": u}).want(201).id("user", "id")}
}

func (p person) path(rest ...string) string {
	return "/api/v2/users/" + itoa(p.id) + strings.Join(rest, "")
}

func (p person) add(kind, value string, more ...object) *reply {
	p.b.t.Helper()
	identity := object{"type": kind, "value": value}
	for _, m := range more {
		maps.Copy(identity, m)
	}
	return p.b.call("POST", p.path("/identities"), object{"identity": identity})
}

func (p person) change(u object) *reply {
	p.b.t.Helper()
	return p.b.call("PUT", p.path(), object{"user": u})
}

// known lists a user's identities as type:value, the primary ones marked.
func (p person) known() string {
	p.b.t.Helper()
	r := p.b.get(p.path("/identities")).want(200)
	var out []string
	for i := range r.len("identities") {
		one := r.text("identities", i, "type") + ":" + r.text("identities", i, "value")
		if r.at("identities", i, "primary") == true {
			one += "!"
		}
		out = append(out, one)
	}
	return strings.Join(out, " ")
}

func (p person) is(want any, key string) {
	p.b.t.Helper()
	p.b.get(p.path()).want(200).is(want, "user", key)
}

func TestIdentities(t *testing.T) {
	t.Parallel()
	b := setup(t)
	edson := b.person("Edson Farias")
	if got := edson.known(); got != "phone_number:+5585954320005!" {
		t.Errorf("seeded: %s", got)
	}
	// A first e-mail becomes the user's e-mail.
	first := edson.add("email", "Edson@serra.example").want(201).is(true, "identity", "primary").is("deliverable", "identity", "deliverable_state")
	edson.is("edson@serra.example", "email")
	second := edson.add("email", "farias@serra.example").want(201).is(false, "identity", "primary")
	one := func(r *reply, rest ...string) string {
		return edson.path("/identities/", itoa(r.id("identity", "id")), strings.Join(rest, ""))
	}
	b.call("PUT", one(second, "/make_primary"), nil).want(200).is("edson@serra.example", "identities", 1, "value").
		is(false, "identities", 1, "primary").is(true, "identities", 2, "primary")
	edson.is("farias@serra.example", "email")
	b.call("PUT", one(second), object{"identity": object{"value": "f@serra.example", "verified": false}}).
		want(200).is("f@serra.example", "identity", "value").is(false, "identity", "verified")
	edson.is("f@serra.example", "email")
	b.call("PUT", one(second, "/verify"), nil).want(200).is(true, "identity", "verified")
	b.call("DELETE", one(first), nil).want(204)
	b.get(one(first)).want(404)
	if got := edson.known(); got != "phone_number:+5585954320005! email:f@serra.example!" {
		t.Errorf("at the end: %s", got)
	}
	// The last e-mail takes the user's with it.
	b.call("DELETE", one(second), nil).want(204)
	edson.is(nil, "email")
}

func TestTelephoneNumbersAreKeptAsTheyWereTyped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.newPerson(object{"name": "Nova"})
	line := p.add("phone_number", "+55 (85) 3222-1234").want(201).is("+55 (85) 3222-1234", "identity", "value").is(true, "identity", "primary")
	p.is("+55 (85) 3222-1234", "phone")
	p.is(false, "shared_phone_number")
	// Other spellings are other numbers, though a search finds them by their digits.
	p.add("phone_number", "+558532221234").want(201).is(false, "identity", "primary")
	b.pass(time.Minute)
	for _, query := range []string{"phone:558532221234", `phone:"%2B55 85 3222-1234"`, "phone:*32221234"} {
		b.get("/api/v2/users/search?query="+strings.ReplaceAll(query, " ", "%20")).want(200).is("Nova", "users", 0, "name").is(1, "count")
	}
	b.get(p.path("/identities/", itoa(line.id("identity", "id")))).want(200).is("+55 (85) 3222-1234", "identity", "value")
}

func TestNumbersAreCheckedWhereTheAccountWantsIt(t *testing.T) {
	t.Parallel()
	for number, good := range map[string]bool{
		"+5511987650001": true, "+15551234567": true, "+551134567890": true, "+123456": false, "5511987650001": false,
		"+55 11 98765-0001": false, "+0511987650001": false, "+1234567890123456": false, "11987650001": false, "+55119876x5000": false,
	} {
		t.Run(number, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.knobs(desk.Knobs{ValidatePhones: true})
			b.call("DELETE", b.person("Marcos Vinícius Teixeira").path(), nil).want(200) // their number is in the table
			status := map[bool]int{true: 201, false: 422}[good]
			r := b.call("POST", "/api/v2/users", object{"user": object{"name": "Nova", "phone": number}}).want(status)
			if !good {
				r.is("InvalidFormat", "details", "phone", 0, "error")
			}
			b.knobs(desk.Knobs{})
			other := b.newPerson(object{"name": "Outra"})
			b.knobs(desk.Knobs{ValidatePhones: true})
			if r := other.add("phone_number", number); (r.status == 201) != (good && r.status != 422) {
				t.Errorf("identity: %d %s", r.status, r.raw)
			} else if !good {
				r.want(422).is("InvalidFormat", "details", "value", 0, "error")
			}
		})
	}
}

func TestDirectLinesAndSharedNumbers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.newPerson(object{"name": "Primeira", "phone": "+5511999990000"})
	if got := first.known(); got != "phone_number:+5511999990000!" {
		t.Errorf("a new number: %s", got)
	}
	first.is(false, "shared_phone_number")
	second := b.newPerson(object{"name": "Segunda", "phone": "+5511999990000"})
	if got := second.known(); got != "" {
		t.Errorf("a taken number: %s", got)
	}
	second.is(true, "shared_phone_number")
	second.is("+5511999990000", "phone")
	second.add("phone_number", "+5511999990000").want(422).is("DuplicateValue", "details", "value", 0, "error")
	// Both are found by it.
	b.pass(time.Minute)
	b.get("/api/v2/users/search?query=phone:5511999990000").want(200).is(2, "count")
	// A new number takes the old one's place, and frees it.
	first.change(object{"phone": "+5511999990001"}).want(200).is(false, "user", "shared_phone_number")
	if got := first.known(); got != "phone_number:+5511999990001!" {
		t.Errorf("after a change: %s", got)
	}
	second.change(object{"notes": "x"}).want(200).is(false, "user", "shared_phone_number")
	if got := second.known(); got != "phone_number:+5511999990000!" {
		t.Errorf("once it is free: %s", got)
	}
	first.change(object{"phone": ""}).want(200).is(nil, "user", "phone").is(nil, "user", "shared_phone_number")
	if got := first.known(); got != "" {
		t.Errorf("without a number: %s", got)
	}
	first.change(object{"phone": nil, "name": "Ainda"}).want(200)
}

func TestFurtherTelephones(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.newPerson(object{"name": "Nova", "phone": "+551130000001"})
	cell := p.add("phone_number", "+5511990000002", object{"verified": true}).want(201).is(false, "identity", "primary").is(true, "identity", "verified")
	p.add("phone_number", "+5511990000003", object{"primary": true}).want(201).is(true, "identity", "primary")
	p.is("+5511990000003", "phone")
	if got := p.known(); got != "phone_number:+551130000001 phone_number:+5511990000002 phone_number:+5511990000003!" {
		t.Errorf("known %s", got)
	}
	path := p.path("/identities/", itoa(cell.id("identity", "id")))
	b.call("PUT", path+"/make_primary", nil).want(200)
	p.is("+5511990000002", "phone")
	b.call("PUT", path, object{"identity": object{"value": "+5511990000009"}}).want(200)
	p.is("+5511990000009", "phone")
	b.call("DELETE", path, nil).want(204)
	p.is("+551130000001", "phone")
	p.is(false, "shared_phone_number")
}

func TestAnEmailWrittenToAUserWhoHasOneIsASecondOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	juliana := b.person("Juliana Castro")
	juliana.change(object{"email": "ju@ipe.example"}).want(200).is("juliana@ipe.example", "user", "email")
	if got := juliana.known(); got != "email:juliana@ipe.example! phone_number:+5531965430004! email:ju@ipe.example" {
		t.Errorf("known %s", got)
	}
	// Again, and her own in other letters: nothing new.
	juliana.change(object{"email": "JU@ipe.example"}).want(200)
	juliana.change(object{"email": "Juliana@IPE.example"}).want(200).is("juliana@ipe.example", "user", "email")
	b.call("POST", "/api/v2/users/create_or_update", object{"user": object{"name": "Juliana", "email": "ju@ipe.example"}}).want(200).
		is(juliana.id, "user", "id").is("juliana@ipe.example", "user", "email")
	if n := strings.Count(juliana.known(), "email:"); n != 2 {
		t.Errorf("%d e-mails", n)
	}
	// Somebody else's is refused.
	juliana.change(object{"email": "simone@camponovo.example"}).want(422).is("DuplicateValue", "details", "email", 0, "error")
}

func TestIdentitiesOfANewUser(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.newPerson(object{
		"name": "Nova", "email": "nova@x.example", "phone": "+5511999990000", "skip_verify_email": true,
		"identities": []object{
			{"type": "email", "value": "Nova@X.example"},
			{"type": "email", "value": "outra@x.example"},
			{"type": "phone_number", "value": "+5511999990000"},
			{"type": "phone_number", "value": "+551133330000"},
			{"type": "twitter", "value": "nova"},
		},
	})
	if got := p.known(); got != "email:nova@x.example! phone_number:+5511999990000! email:outra@x.example phone_number:+551133330000 twitter:nova" {
		t.Errorf("known %s", got)
	}
	before := len(b.desk.Users())
	for name, identity := range map[string]object{
		"taken":        {"type": "email", "value": "juliana@ipe.example"},
		"unknown kind": {"type": "pombo", "value": "x"},
		"no address":   {"type": "email", "value": "x"},
	} {
		r := b.call("POST", "/api/v2/users", object{"user": object{"name": name, "identities": []object{identity}}})
		if r.status != 422 || len(b.desk.Users()) != before {
			t.Errorf("%s: %d, %d users", name, r.status, len(b.desk.Users()))
		}
	}
}

func TestIdentitiesRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		kind, value string
		field, code string
	}{
		"unknown kind":         {"pombo", "x", "type", "InvalidValue"},
		"no kind":              {"", "x", "type", "InvalidValue"},
		"no value":             {"email", "", "value", "BlankValue"},
		"white":                {"twitter", "  ", "value", "BlankValue"},
		"no digits":            {"phone_number", "sem número", "value", "BlankValue"},
		"no address":           {"email", "x", "value", "InvalidValue"},
		"address with a name":  {"email", "x <x@y.example>", "value", "InvalidValue"},
		"somebody's e-mail":    {"email", "Juliana@ipe.example", "value", "DuplicateValue"},
		"somebody's telephone": {"phone_number", "+5531965430004", "value", "DuplicateValue"},
		"one's own telephone":  {"phone_number", "+5585954320005", "value", "DuplicateValue"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			edson := b.person("Edson Farias")
			before := edson.known()
			edson.add(tt.kind, tt.value).want(422).is("RecordInvalid", "error").is(tt.code, "details", tt.field, 0, "error")
			if edson.known() != before {
				t.Errorf("known %s", edson.known())
			}
		})
	}
	b := setup(t)
	edson, ana := b.person("Edson Farias"), b.person("Ana Beatriz Souza")
	id := itoa(b.get(edson.path("/identities")).id("identities", 0, "id"))
	b.get("/api/v2/users/5/identities").want(404)
	b.call("POST", "/api/v2/users/5/identities", object{"identity": object{}}).want(404)
	b.call("POST", edson.path("/identities"), object{"identity": 1}).want(400)
	b.call("POST", edson.path("/identities"), `{"identity":{"type":1}}`).want(400)
	b.call("PUT", edson.path("/identities/", id), object{"identity": object{"value": ""}}).want(422)
	b.call("PUT", edson.path("/identities/", id), `{"identity":{"value":{}}}`).want(400)
	b.call("PUT", edson.path("/identities/", id), object{"user": object{}}).want(400)
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		b.call(method, ana.path("/identities/", id), object{"identity": object{"value": "x"}}).want(404)
	}
	b.call("PUT", ana.path("/identities/", id, "/make_primary"), nil).want(404)
	b.call("PUT", ana.path("/identities/", id, "/verify"), nil).want(404)
}

func TestIdentitiesBesideUsers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	juliana, edson := b.person("Juliana Castro"), b.person("Edson Farias")
	many := "/api/v2/users/show_many?ids=" + itoa(juliana.id) + "," + itoa(edson.id)
	r := b.get(many + "&include=identities").want(200)
	if r.len("users") != 2 || r.len("identities") != 3 {
		t.Errorf("answer %s", r.raw)
	}
	r.is("juliana@ipe.example", "identities", 0, "value").is(juliana.id, "identities", 0, "user_id").is(edson.id, "identities", 2, "user_id")
	b.get(many).want(200).is(nil, "identities")
	b.get("/api/v2/users/search?query=juliana&include=identities").want(200).is("+5531965430004", "identities", 1, "value")
	juliana.change(object{"external_id": "e1"}).want(200)
	b.get("/api/v2/users/search?external_id=E1&include=x,identities").want(200).is("email", "identities", 0, "type")
	b.get("/api/v2/users/show_many?external_ids=e1,nada").want(200).is(juliana.id, "users", 0, "id").is(1, "count")
}

func TestPhoneSearches(t *testing.T) {
	t.Parallel()
	b := setup(t)
	marcos, patricia, roberto := b.user("Marcos Vinícius Teixeira").ID, b.user("Patrícia Nogueira").ID, b.user("Roberto Sampaio").ID
	mariana := b.user("Mariana Albuquerque").ID
	b.person("Roberto Sampaio").add("phone_number", "+552133334444").want(201)
	b.pass(time.Minute)
	for query, want := range map[string][]int64{
		`phone:"+5511987650001"`: {marcos},
		`phone:5511987650001`:    {marcos},
		// Terms of one keyword are alternatives: with and without the ninth digit.
		`phone:"+5511987650001" phone:"+551187650001"`:                        {marcos},
		`phone:"+5511987650002" phone:"+551187650002"`:                        {patricia},
		`phone:"+5511987650001" phone:"+551187650002" phone:"+5521976540003"`: {marcos, patricia, roberto},
		`phone:"+5511987650001" phone:"+551187650002" role:agent`:             nil,
		`phone:"+552133334444"`:                                               {roberto},
		`phone:21 3333-4444`:                                                  nil,
		`phone:"*3333-4444"`:                                                  {roberto},
		`phone:*33334444`:                                                     {roberto},
		`phone:552133*`:                                                       {roberto},
		`phone:33334444`:                                                      nil,
		`phone:123`:                                                           nil,
		`-phone:"+5511987650001" phone:"+5511987650001"`:                      nil,
		`email:marcos.teixeira@aurora.example`:                                {marcos},
		`email:marcos* email:patricia@aurora.example`:                         {marcos, patricia},
		`email:*@aurora.example`:                                              {marcos, patricia, mariana},
		`email:marcos.teixeira@aurora.example phone:*0002`:                    nil,
		`"Marcos Vinícius"`:                                                   {marcos},
		`nogueira`:                                                            {patricia},
		`NOGUEIRA patr`:                                                       {patricia},
		`nogueira marcos`:                                                     nil,
	} {
		r := b.get("/api/v2/users/search?query=" + escape(query)).want(200)
		got := map[int64]bool{}
		for _, id := range r.ids("users") {
			got[id] = true
		}
		ok := len(got) == len(want)
		for _, id := range want {
			ok = ok && got[id]
		}
		if !ok {
			t.Errorf("%s: %v, want %v", query, r.ids("users"), want)
		}
	}
	b.get("/api/v2/users/search?query=%20").want(400)
}

// TestTheIndexIsAsLateAsTheKnobSays is about what a search sees of somebody who was just written.
func TestTheIndexIsAsLateAsTheKnobSays(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		knob  int
		after time.Duration
		found bool
	}{
		"as configured, early":    {0, 29 * time.Second, false},
		"as configured, in time":  {0, 30 * time.Second, true},
		"not at all":              {-1, 0, true},
		"two minutes, early":      {120, 119 * time.Second, false},
		"two minutes, in time":    {120, 120 * time.Second, true},
		"one second, not at once": {1, 0, false},
		"one second":              {1, time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.pass(time.Hour)
			b.knobs(desk.Knobs{SearchLagSeconds: tt.knob})
			p := b.newPerson(object{"name": "Recém Criada", "phone": "+5511900001111", "external_id": "e9"})
			b.person("Edson Farias").add("phone_number", "+5511900002222").want(201)
			b.pass(tt.after)
			want := 0
			if tt.found {
				want = 1
			}
			for _, query := range []string{"query=phone:5511900001111", "query=phone:5511900002222", "query=rec%C3%A9m"} {
				b.get("/api/v2/users/search?"+query).want(200).is(want, "count")
			}
			b.get("/api/v2/users/search?external_id=e9").want(200).is(1, "count").is(p.id, "users", 0, "id")
			// What is deleted is found as long as the index lags.
			b.pass(time.Hour)
			b.call("DELETE", p.path(), nil).want(200)
			b.pass(tt.after)
			b.get("/api/v2/users/search?query=phone:5511900001111").want(200).is(1-want, "count")
		})
	}
}
