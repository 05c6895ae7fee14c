package effects_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// Each name of a field leads to the account's field that the settings call so, and each of those has a name.
func TestEveryFieldHasItsPlace(t *testing.T) {
	t.Parallel()
	r := procedural(t)
	places := reflect.ValueOf(&r.set.Desk.Fields).Elem()
	ids, account := map[string]int{}, []string{}
	for i := range places.NumField() {
		name := places.Type().Field(i).Name
		places.Field(i).SetString("Campo " + name)
		ids[strings.ToLower(name)] = 900 + i
		account = append(account, fmt.Sprintf(`{"id":%d,"type":"text","title":"Campo %s","active":true,"removable":true}`, 900+i, name))
	}
	r.desk.on(fieldsRoute, says(200, `{"ticket_fields":[`+strings.Join(account, ",")+`],"meta":{"has_more":false}}`))
	r.desk.on(updateRoute, says(200, ticketOf(nil)))
	values, want := map[string]string{}, map[int]any{}
	for _, name := range conversation.FieldNames() {
		id, ok := ids[strings.ReplaceAll(name, "_", "")]
		if !ok {
			t.Fatalf("the settings have no field for %s", name)
		}
		values[name], want[id] = "value of "+name, "value of "+name
	}
	if len(want) != reflect.TypeFor[settings.TicketFields]().NumField() {
		t.Errorf("%d names for %d fields", len(want), len(ids))
	}
	got := r.done(r.try(known(), changing(conversation.Change{Fields: values})))
	r.same("left", got.Notes, []string(nil))
	wrote := map[int]any{}
	list, ok := r.written("PUT")["custom_fields"].([]any)
	if !ok {
		t.Fatal("no fields were written")
	}
	for _, f := range list {
		f, ok := f.(object)
		if !ok {
			t.Fatalf("%v is no field", f)
		}
		id, ok := f["id"].(float64)
		if !ok {
			t.Fatalf("%v has no id", f)
		}
		wrote[int(id)] = f["value"]
	}
	r.same("fields", wrote, want)
}
