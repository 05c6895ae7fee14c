package graph_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestStatuses(t *testing.T) {
	t.Parallel()
	mariana1 := object{"profile": object{"name": "Mariana Albuquerque"}, "wa_id": "5511987650142", "user_id": "BR.2917460385512049"}
	charged := object{"billable": true, "pricing_model": "PMP", "type": "regular", "category": "service"}
	for name, tc := range map[string]struct {
		customer, to, recipient string
		want                    []string
		status                  object // beside id, status, timestamp, pricing and callback
		contact                 object // of sent
		last                    object // of the last one
	}{
		"phone and BSUID": {
			customer: mariana, to: "+5511987650142", want: []string{"sent", "delivered", "read"},
			status:  object{"recipient_id": "5511987650142", "recipient_user_id": "BR.2917460385512049"},
			contact: mariana1, last: mariana1,
		},
		"twelve digits": {
			customer: antonio, to: "+5531988124417", want: []string{"sent", "delivered", "read"},
			status:  object{"recipient_id": "553188124417", "recipient_user_id": "BR.3380157726449102"},
			contact: object{"profile": object{"name": "Antônio Resende"}, "wa_id": "553188124417", "user_id": "BR.3380157726449102"},
			last:    object{"profile": object{"name": "Antônio Resende"}, "wa_id": "553188124417", "user_id": "BR.3380157726449102"},
		},
		"username only": {
			customer: duda, recipient: "BR.1764098253310576", want: []string{"sent", "delivered"},
			status:  object{"recipient_user_id": "BR.1764098253310576"},
			contact: object{"profile": object{"name": "Duda Nogueira"}, "user_id": "BR.1764098253310576"},
			last:    object{"profile": object{"name": "Duda Nogueira", "username": "duda.nogueira"}, "user_id": "BR.1764098253310576"},
		},
		"no BSUID, no receipts": {
			customer: sebastiao, to: "+5521996403377", want: []string{"sent", "delivered"},
			status:  object{"recipient_id": "5521996403377"},
			contact: object{"profile": object{"name": "Sebastião Farias"}, "wa_id": "5521996403377"},
			last:    object{"profile": object{"name": "Sebastião Farias"}, "wa_id": "5521996403377"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			w.write(tc.customer, "oi")
			w.pass(time.Second)
			w.hook.take()
			body := text(tc.to, "olá")
			body["recipient"] = tc.recipient
			body["biz_opaque_callback_data"] = "thread/1"
			id := w.send(body)
			w.pass(290 * time.Millisecond)
			if got := w.hook.take(); len(got) != 0 {
				t.Errorf("statuses before 300 ms: %v", got)
			}
			w.pass(5 * time.Second)
			values := w.hook.take()
			names, all := statuses(values)
			if diff := cmp.Diff(tc.want, names); diff != "" {
				t.Fatalf("(-want +got):\n%s", diff)
			}
			for i, s := range all {
				want := object{"id": id, "status": tc.want[i], "timestamp": s["timestamp"], "biz_opaque_callback_data": "thread/1"}
				maps.Copy(want, tc.status)
				if tc.want[i] != "read" {
					want["pricing"] = charged
				}
				if diff := cmp.Diff(want, s); diff != "" {
					t.Errorf("status %d (-want +got):\n%s", i, diff)
				}
			}
			if want := fmt.Sprint(start.Add(time.Second + 300*time.Millisecond).Unix()); all[0]["timestamp"] != want {
				t.Errorf("timestamp %v, want the string %s", all[0]["timestamp"], want)
			}
			if diff := cmp.Diff([]any{tc.contact}, values[0]["contacts"]); diff != "" {
				t.Errorf("contact of sent (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]any{tc.last}, values[len(values)-1]["contacts"]); diff != "" {
				t.Errorf("last contact (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadWhenThePhoneIsOpened(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.write(duda, "oi")
	w.send(object{"recipient": "BR.1764098253310576", "type": "text", "text": object{"body": "olá"}})
	w.pass(time.Minute)
	w.hook.take()
	w.onPhone("POST", "/customers/"+duda+"/read", nil, 200)
	w.onPhone("POST", "/customers/"+duda+"/read", nil, 200)
	w.pass(time.Second)
	if names, _ := statuses(w.hook.take()); len(names) != 1 || names[0] != "read" {
		t.Errorf("statuses %v, want one read", names)
	}
	w.send(object{"recipient": "BR.1764098253310576", "type": "text", "text": object{"body": "de novo"}})
	w.pass(time.Minute)
	w.hook.take()
	w.onPhone("PATCH", "/customers/"+duda, object{"auto_read": true}, 200)
	w.pass(time.Minute)
	if names, _ := statuses(w.hook.take()); len(names) != 1 || names[0] != "read" {
		t.Errorf("after switching on: statuses %v, want one read", names)
	}
}

// failed sends body and returns the one status that must follow.
func failed(t *testing.T, w *world, body object) (value, status object, code int) {
	t.Helper()
	w.hook.take()
	id := w.send(body)
	w.pass(time.Minute)
	values := w.hook.take()
	names, all := statuses(values)
	if len(names) != 1 || names[0] != "failed" || all[0]["id"] != id {
		t.Fatalf("statuses %v, want one failed", all)
	}
	e := all[0]["errors"].([]any)[0].(object)
	if e["title"] == "" || e["title"] != e["message"] || e["href"] == "" || e["error_data"].(object)["details"] == "" {
		t.Errorf("error %v", e)
	}
	return values[0], all[0], int(e["code"].(float64))
}

func TestWindow(t *testing.T) {
	t.Parallel()
	w := setup(t)
	hello := func() object { return text("+5511987650142", "olá") }
	if _, _, got := failed(t, w, hello()); got != 131047 {
		t.Errorf("never wrote: %d", got)
	}
	first := w.write(mariana, "oi")
	w.pass(24*time.Hour - time.Minute)
	w.send(hello())
	w.pass(time.Minute)
	v, s, got := failed(t, w, hello())
	if got != 131047 {
		t.Errorf("after 24 h: %d", got)
	}
	if v["contacts"] != nil || s["recipient_user_id"] != nil || s["recipient_id"] != "5511987650142" || s["pricing"] != nil {
		t.Errorf("failed status: %v", v)
	}
	w.onPhone("POST", "/customers/1/messages", object{"type": "reaction", "reaction": object{"message_id": first, "emoji": "👍"}}, 200)
	w.pass(time.Second)
	if _, _, got := failed(t, w, hello()); got != 131047 {
		t.Errorf("after a reaction: %d", got)
	}
	k := w.srv.Knobs()
	k.ReactionsOpenWindow = true
	if err := w.srv.SetKnobs(k); err != nil {
		t.Fatal(err)
	}
	w.hook.take()
	w.send(hello())
	w.pass(time.Minute)
	if names, _ := statuses(w.hook.take()); len(names) != 3 {
		t.Errorf("reactions open the window: %v", names)
	}
	w.pass(48 * time.Hour)
	body := template("retomar_conversa", "pt_BR", "Mariana")
	body["to"] = "+5511987650142"
	w.send(body)
	w.pass(time.Minute)
	names, all := statuses(w.hook.take())
	if len(names) != 3 || all[0]["pricing"].(object)["category"] != "utility" {
		t.Errorf("template outside the window: %v", all)
	}
}

func TestUnknownRecipients(t *testing.T) {
	t.Parallel()
	w := setup(t)
	_, s, got := failed(t, w, text("+5511912345678", "olá"))
	if got != 131026 || s["recipient_id"] != "5511912345678" || s["recipient_user_id"] != nil {
		t.Errorf("phone: %d %v", got, s)
	}
	_, s, got = failed(t, w, object{"recipient": "BR.999", "type": "text", "text": object{"body": "olá"}})
	if got != 131026 || s["recipient_user_id"] != "BR.999" || s["recipient_id"] != nil {
		t.Errorf("BSUID: %d %v", got, s)
	}
}

func TestRecipientsThatFail(t *testing.T) {
	t.Parallel()
	w := setup(t)
	late := map[int]bool{
		130403: true, 130472: true, 130497: true, 131000: true, 131026: true, 131037: true, 131042: true, 131047: true,
		131048: true, 131049: true, 131050: true, 131052: true, 131053: true, 131063: true,
	}
	codes := []int{
		0, 1, 2, 3, 4, 10, 33, 100, 190, 200, 368, 80007, 130403, 130429, 130472, 130497, 131000, 131005, 131008, 131009,
		131016, 131021, 131026, 131031, 131037, 131042, 131045, 131047, 131048, 131049, 131050, 131051, 131052, 131053,
		131056, 131057, 131062, 131063, 131064, 132000, 132001, 132005, 132007, 132012, 132015, 132016, 132018, 132068,
		132069, 133004, 133010, 134011, 135000,
	}
	for _, c := range codes {
		for area, isLate := range map[string]bool{"11": late[c], "21": false, "22": c != 0} {
			to := fmt.Sprintf("+55%s9%08d", area, c)
			if isLate {
				if _, _, got := failed(t, w, text(to, "olá")); got != c {
					t.Errorf("%s failed with %d", to, got)
				}
				continue
			}
			body := text(to, "olá")
			body["messaging_product"] = "whatsapp"
			status, out := w.call("POST", messages, body)
			if status < 400 || code(out) != c {
				t.Errorf("%s = %d %v", to, status, out)
			}
		}
	}
}

func TestCustomerThatFails(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.onPhone("POST", "/customers", object{"name": "Bloqueado", "phone": "+55 11 9 0013 0403"}, 200)
	w.write(c["id"].(string), "oi")
	w.pass(time.Second)
	if _, _, got := failed(t, w, object{"recipient": c["bsuid"], "type": "text", "text": object{"body": "olá"}}); got != 130403 {
		t.Errorf("by BSUID: %d", got)
	}
	chat, _ := w.srv.Chat(c["id"].(string), "", false)
	if len(chat.Messages) != 1 {
		t.Errorf("the phone shows %v", chat.Messages)
	}
	chat, _ = w.srv.Chat(c["id"].(string), "", true)
	if len(chat.Messages) != 2 || chat.Messages[1].State != "failed" || chat.Messages[1].ErrorCode != 130403 {
		t.Errorf("all messages: %v", chat.Messages)
	}
}
