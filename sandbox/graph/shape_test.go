package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/graph"
)

// paths lists where in a JSON value something stands, with its type; elements of lists share one path.
func paths(at string, v any) []string {
	var out []string
	switch v := v.(type) {
	case object:
		for key, inner := range v {
			out = append(out, paths(at+"."+key, inner)...)
		}
	case []any:
		for _, inner := range v {
			out = append(out, paths(at+"[]", inner)...)
		}
	case nil:
		out = []string{at + " null"}
	default:
		out = []string{fmt.Sprintf("%s %T", at, v)}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sample reads the change of a recorded webhook.
func sample(t *testing.T, file string) (field string, value object) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var e struct {
		Entry []struct {
			Changes []struct {
				Field string
				Value object
			}
		}
	}
	if err := json.Unmarshal(raw, &e); err != nil {
		t.Fatal(err)
	}
	return e.Entry[0].Changes[0].Field, e.Entry[0].Changes[0].Value
}

// act posts to the phone of a customer and returns what follows from it.
func (w *world) act(customer, what string, body any) object {
	w.t.Helper()
	return w.onPhone("POST", "/customers/"+customer+"/"+what, body, 200)
}

// say has a customer send a message of a type with more fields, and returns its id.
func (w *world) say(customer, kind string, content any, more object) string {
	w.t.Helper()
	body := object{"type": kind, kind: content}
	maps.Copy(body, more)
	return w.act(customer, "messages", body)["id"].(string)
}

// file uploads a file to a phone.
func (w *world) file(name, mimeType string, content []byte) string {
	w.t.Helper()
	status, out := w.upload(w.phone.URL+"/customers/1/media", "", name, mimeType, content, nil)
	if status != 200 {
		w.t.Fatalf("upload: %d %v", status, out)
	}
	return out["id"].(string)
}

// asked is a message of the business that has reached Mariana's phone.
func (w *world) asked(body object) string {
	w.t.Helper()
	w.write(mariana, "oi")
	body["to"] = "+5511987650142"
	id := w.send(body)
	w.pass(10 * time.Second)
	w.hook.take()
	return id
}

type shapeTest struct {
	file string
	do   func(w *world)
	// ours and theirs are beginnings of paths that only one of the two has.
	ours, theirs []string
}

var movingSticker = append([]byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02"), make([]byte, 40)...)

// shapeTests are the recorded webhooks that the sandbox's phones can send too. The last update counts.
func shapeTests() []shapeTest {
	textOf := func(more object) func(*world) {
		return func(w *world) { w.say(mariana, "text", object{"body": "oi"}, more) }
	}
	unsupported := func(content object) func(*world) {
		return func(w *world) { w.say(mariana, "unsupported", content, nil) }
	}
	return []shapeTest{
		{file: "synthetic-br/text_phone_and_bsuid.json", do: textOf(nil)},
		{file: "synthetic-br/text_br_12digit_waid_ddd31.json", do: func(w *world) { w.write(antonio, "oi") }},
		{file: "synthetic-br/text_username_no_phone_parent_bsuid.json", do: func(w *world) {
			w.onPhone("PATCH", "/customers/"+camila, object{"hides_phone": true}, 200)
			w.write(camila, "oi")
		}},
		{file: "synthetic-br/text_forwarded_many.json", do: textOf(object{"context": object{"forwarded": true, "frequently_forwarded": true}})},
		{file: "synthetic-br/group_message.json", do: textOf(object{"group_id": "Y2FwaV9ncm91cDox"})},
		{file: "synthetic-br/text_ctwa_referral.json", do: textOf(object{"referral": object{
			"source_url": "https://fb.me/x", "source_id": "1", "source_type": "ad", "headline": "Oferta", "body": "Fale com a gente",
			"media_type": "image", "image_url": "https://scontent.example/1", "ctwa_clid": "A", "welcome_message": object{"text": "Olá"},
		}})},
		{file: "facebook-openapi/text_message_with_context_product_inquiry.json", do: func(w *world) {
			id := w.asked(text("", "veja"))
			w.say(mariana, "text", object{"body": "ainda tem?"}, object{"context": object{
				"message_id": id, "referred_product": object{"catalog_id": "1", "product_retailer_id": "2"},
			}})
		}, ours: []string{".contacts[].user_id", ".messages[].from_user_id"}},
		{file: "synthetic-br/text_reply_quoted.json", do: func(w *world) {
			id := w.asked(text("", "tudo bem?"))
			w.say(mariana, "text", object{"body": "sim"}, object{"context": object{"message_id": id}})
		}},
		{file: "synthetic-br/video.json", do: func(w *world) {
			w.say(mariana, "video", object{"id": w.file("a.mp4", "video/mp4", []byte("film")), "caption": "defeito"}, nil)
		}},
		{file: "synthetic-br/image_without_url.json", do: func(w *world) {
			w.say(mariana, "image", object{"id": w.file("a.jpg", "image/jpeg", []byte("x"))}, object{"declare": object{"no_url": true}})
		}},
		{file: "synthetic-br/audio_file.json", do: func(w *world) {
			w.say(mariana, "audio", object{"id": w.file("a.mp3", "audio/mpeg", []byte("x"))}, nil)
		}},
		{file: "synthetic-br/sticker_animated.json", do: func(w *world) {
			w.say(mariana, "sticker", object{"id": w.file("a.webp", "image/webp", movingSticker)}, nil)
		}},
		{file: "synthetic-br/document_pdf_filename_hostile.json", do: func(w *world) {
			w.say(mariana, "document", object{"caption": "NF-e", "filename": "../../etc/passwd\".pdf"}, object{"generate_bytes": 100})
		}},
		{file: "synthetic-br/location_pin.json", do: func(w *world) {
			w.say(mariana, "location", object{"latitude": -23.5, "longitude": -46.6}, nil)
		}},
		{file: "synthetic-br/contacts_shared_vcard.json", do: func(w *world) {
			w.say(mariana, "contacts", []object{{
				"name":   object{"formatted_name": "José Silva", "first_name": "José", "last_name": "Silva"},
				"phones": []object{{"phone": "+55 11 91234-5678", "wa_id": "5511912345678", "type": "CELL"}},
			}}, nil)
		}},
		{file: "synthetic-br/interactive_button_reply.json", do: func(w *world) {
			id := w.asked(buttons("Sim"))
			w.say(mariana, "interactive", object{"type": "button_reply", "button_reply": object{"id": "0", "title": "Sim"}}, object{"context": object{"message_id": id}})
		}},
		{file: "synthetic-br/interactive_nfm_reply.json", do: func(w *world) {
			id := w.asked(buttons("Sim"))
			w.say(mariana, "interactive", object{"type": "nfm_reply", "nfm_reply": object{"name": "flow", "body": "Sent", "response_json": `{"a":1}`}},
				object{"context": object{"message_id": id}})
		}},
		{file: "pywa-split/call_permission_update__accept.json", do: func(w *world) {
			id := w.asked(text("", "posso ligar?"))
			w.say(mariana, "interactive", object{"type": "call_permission_reply", "call_permission_reply": object{
				"response": "accept", "expiration_timestamp": 1, "response_source": "user_action",
			}}, object{"context": object{"message_id": id}})
		}, ours: []string{".messages[].from_user_id"}, theirs: []string{".contacts[].parent_user_id"}},
		{file: "synthetic-br/button_template_quick_reply.json", do: func(w *world) {
			id := w.asked(template("retomar_conversa", "pt_BR", "Mariana"))
			w.say(mariana, "button", object{"payload": "Conversar agora", "text": "Conversar agora"}, object{"context": object{"message_id": id}})
		}},
		{file: "synthetic-br/reaction_add.json", do: func(w *world) {
			w.say(mariana, "reaction", object{"message_id": w.asked(text("", "olá")), "emoji": "👍"}, nil)
		}},
		{file: "synthetic-br/reaction_removed_empty_emoji.json", do: func(w *world) {
			w.say(mariana, "reaction", object{"message_id": w.asked(text("", "olá")), "emoji": ""}, nil)
		}},
		{file: "pywa-split/message__unreaction_no_emoji.json", do: func(w *world) {
			w.say(mariana, "reaction", object{"message_id": w.asked(text("", "olá"))}, nil)
		}, ours: []string{".messages[].from_user_id"}, theirs: []string{".contacts[].parent_user_id"}},
		{file: "pywa-split/message__order.json", do: func(w *world) {
			w.say(mariana, "order", object{"catalog_id": "1", "text": "", "product_items": []object{
				{"product_retailer_id": "a", "quantity": 1, "item_price": 30.5, "currency": "BRL"},
			}}, nil)
		}, ours: []string{".messages[].from_user_id"}, theirs: []string{".contacts[].parent_user_id"}},
		{file: "synthetic-br/unsupported_131051_media_placeholder.json", do: unsupported(object{"type": "media_placeholder"})},
		{file: "synthetic-br/unsupported_131060_unavailable.json", do: unsupported(object{"code": 131060})},
		{file: "synthetic-br/message_131052_media_download_error.json", do: func(w *world) {
			w.say(mariana, "document", object{}, object{"generate_bytes": 100<<20 + 1})
		}},
		{file: "synthetic-br/unsupported_131051_edit.json", do: func(w *world) {
			w.say(mariana, "edit", object{"message_id": w.write(mariana, "oi"), "text": "olá"}, nil)
		}},
		{file: "pywa-split/edited_message__image.json", do: func(w *world) {
			w.knobs(graph.Knobs{RealEdits: true})
			quoted := w.asked(text("", "mande a foto"))
			id := w.say(mariana, "image", object{"caption": "foto"}, object{"generate_bytes": 9, "context": object{"message_id": quoted}})
			w.say(mariana, "edit", object{"message_id": id, "text": "a foto"}, nil)
		}, ours: []string{".messages[].from_user_id", ".messages[].edit.message.context.from"}, theirs: []string{".contacts[].parent_user_id"}},
		{file: "synthetic-br/revoke.json", do: func(w *world) {
			w.say(mariana, "revoke", object{"message_id": w.write(mariana, "oi")}, nil)
		}},
		{file: "synthetic-br/system_user_changed_number.json", do: func(w *world) {
			w.write(mariana, "oi")
			w.act(mariana, "change-number", object{"phone": "+55 11 91234-5678"})
		}},
		{file: "facebook-openapi/system_message.json", do: func(w *world) {
			w.write(sebastiao, "oi")
			w.act(sebastiao, "change-number", object{"phone": "+55 11 91234-5678"})
		}},
		{file: "synthetic-br/system_user_changed_user_id_no_phone.json", do: func(w *world) {
			w.write(camila, "oi")
			w.act(camila, "change-id", nil)
		}},
		{file: "synthetic-br/calls_connect_user_initiated.json", do: func(w *world) {
			w.act(mariana, "calls", nil)
		}, ours: []string{".calls[].from_user_id"}},
		{file: "synthetic-br/user_preferences_resume_no_phone.json", do: func(w *world) {
			w.act(duda, "preferences", object{"value": "resume"})
		}},
		{file: "pywa-split/template_status_update__approved.json", do: func(w *world) {
			w.control("PATCH", "/templates/consulta_estoque", object{"status": "APPROVED"}, 200)
		}},
		{file: "synthetic-br/status_failed_131047.json", do: func(w *world) {
			w.send(text("+5511987650142", "olá"))
		}, ours: []string{".statuses[].biz_opaque_callback_data"}},
		{file: "synthetic-br/status_sent_service_billable_oct2026.json", do: func(w *world) {
			w.write(mariana, "oi")
			w.send(text("+5511987650142", "olá"))
		}},
		{file: "synthetic-br/value_level_error_130429.json", do: func(w *world) {
			w.control("POST", "/webhooks", object{"field": "messages", "value": object{
				"messaging_product": "whatsapp", "metadata": object{"display_phone_number": display, "phone_number_id": numberID},
				"errors": []object{{"code": 130429, "title": "x", "message": "x", "error_data": object{"details": "x"}, "href": "x"}},
			}}, 200)
		}},
	}
}

func (w *world) knobs(k graph.Knobs) {
	w.t.Helper()
	if err := w.srv.SetKnobs(k); err != nil {
		w.t.Fatal(err)
	}
}

// TestShapesOfWebhooks compares what the phones cause with recorded webhooks: the same keys with values of the same
// types.
func TestShapesOfWebhooks(t *testing.T) {
	t.Parallel()
	for _, tc := range shapeTests() {
		t.Run(strings.TrimSuffix(tc.file[strings.Index(tc.file, "/")+1:], ".json"), func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			tc.do(w)
			w.pass(400 * time.Millisecond)
			field, ours := w.hook.last()
			file := shared(t, "corpus", "whatsapp", tc.file)
			if file == "" {
				return
			}
			wantField, theirs := sample(t, file)
			if field != wantField {
				t.Errorf("field %q, want %q", field, wantField)
			}
			without := func(list, beginnings []string) []string {
				return slices.DeleteFunc(list, func(path string) bool {
					return slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(path, b) })
				})
			}
			if diff := cmp.Diff(without(paths("", theirs), tc.theirs), without(paths("", ours), tc.ours)); diff != "" {
				t.Errorf("(-recorded +sandbox):\n%s", diff)
			}
		})
	}
}
