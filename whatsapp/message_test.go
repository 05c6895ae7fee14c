package whatsapp_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/whatsapp"
)

func TestParseMessageTypes(t *testing.T) {
	t.Parallel()
	const file = `"id":"9001","url":"https://example.com/9001","mime_type":"m/t","sha256":"c2hh"`
	media := func(change func(*whatsapp.Media)) *whatsapp.Media {
		m := &whatsapp.Media{ID: "9001", URL: "https://example.com/9001", MIME: "m/t", SHA256: "c2hh"}
		change(m)
		return m
	}
	tests := map[string]struct {
		members string
		want    whatsapp.Message
	}{
		"text":         {`"type":"text","text":{"body":"oi"}`, whatsapp.Message{Type: "text", Text: "oi"}},
		"text, quoted": {`"type":"text","text":{"body":"\"a\"\n\\b"}`, whatsapp.Message{Type: "text", Text: "\"a\"\n\\b"}},
		"image": {`"type":"image","image":{` + file + `,"caption":"c"}`, whatsapp.Message{
			Type: "image", Media: media(func(m *whatsapp.Media) { m.Caption = "c" }),
		}},
		"image without url": {`"type":"image","image":{"id":"9001"}`, whatsapp.Message{Type: "image", Media: &whatsapp.Media{ID: "9001"}}},
		"video":             {`"type":"video","video":{` + file + `}`, whatsapp.Message{Type: "video", Media: media(func(*whatsapp.Media) {})}},
		"audio":             {`"type":"audio","audio":{` + file + `,"voice":false}`, whatsapp.Message{Type: "audio", Media: media(func(*whatsapp.Media) {})}},
		"voice note": {`"type":"audio","audio":{` + file + `,"voice":true}`, whatsapp.Message{
			Type: "audio", Media: media(func(m *whatsapp.Media) { m.Voice = true }),
		}},
		"voice note, old": {`"type":"voice","voice":{` + file + `}`, whatsapp.Message{
			Type: "voice", Media: media(func(m *whatsapp.Media) { m.Voice = true }),
		}},
		"document": {`"type":"document","document":{` + file + `,"filename":"../nota \"1\".pdf"}`, whatsapp.Message{
			Type: "document", Media: media(func(m *whatsapp.Media) { m.Filename = `../nota "1".pdf` }),
		}},
		"sticker": {`"type":"sticker","sticker":{` + file + `,"animated":true}`, whatsapp.Message{
			Type: "sticker", Media: media(func(m *whatsapp.Media) { m.Animated = true }),
		}},
		"location": {
			`"type":"location","location":{"latitude":-22.9,"longitude":-4.3e1,"name":"Praça","address":"Rua 1","url":"https://example.com"}`,
			whatsapp.Message{Type: "location", Location: &whatsapp.Location{
				Latitude: -22.9, Longitude: -43, Name: "Praça", Address: "Rua 1", URL: "https://example.com",
			}},
		},
		"location in text": {`"type":"location","location":{"latitude":"-22.9","longitude":"43"}`, whatsapp.Message{
			Type: "location", Location: &whatsapp.Location{Latitude: -22.9, Longitude: 43},
		}},
		"contacts": {
			`"type":"contacts","contacts":[{"origin":"contact_request","vcard":"BEGIN:VCARD","name":{"formatted_name":"Ana P.","first_name":"Ana"},` +
				`"org":{"company":"ACME","title":"x"},"phones":[{"phone":"+55 21 99887-7665","wa_id":"5521998877665","type":"CELL"},{}],` +
				`"emails":[{"email":"ana@example.com","type":"WORK"}],"birthday":"2000-01-01"},` +
				`{"name":{"first_name":"Bia","last_name":"Reis"}},{}]`,
			whatsapp.Message{Type: "contacts", Contacts: []whatsapp.Card{
				{
					Origin: whatsapp.OriginRequest, VCard: "BEGIN:VCARD", Name: "Ana P.", Company: "ACME", Emails: []string{"ana@example.com"},
					Phones: []whatsapp.CardPhone{{Phone: "+55 21 99887-7665", WaID: "5521998877665", Type: "CELL"}, {}},
				},
				{Name: "Bia Reis"},
				{},
			}},
		},
		"button reply": {
			`"type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"sim","title":"Sim"}},"context":{"from":"551140028922","id":"o1"}`,
			whatsapp.Message{
				Type: "interactive", Context: &whatsapp.Context{From: "551140028922", ID: "o1"},
				Interactive: &whatsapp.Interactive{Type: whatsapp.InteractiveButton, Reply: &whatsapp.Reply{ID: "sim", Title: "Sim"}},
			},
		},
		"list reply": {
			`"type":"interactive","interactive":{"list_reply":{"id":"2","title":"Vendas","description":"Loja"},"type":"list_reply"}`,
			whatsapp.Message{Type: "interactive", Interactive: &whatsapp.Interactive{
				Type: whatsapp.InteractiveList, Reply: &whatsapp.Reply{ID: "2", Title: "Vendas", Description: "Loja"},
			}},
		},
		"flow": {
			`"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"a\":\"\\u00e7\"}"}}`,
			whatsapp.Message{Type: "interactive", Interactive: &whatsapp.Interactive{
				Type: whatsapp.InteractiveFlow, Flow: &whatsapp.FlowReply{Name: "flow", Body: "Sent", ResponseJSON: `{"a":"\u00e7"}`},
			}},
		},
		"call permission": {
			`"type":"interactive","interactive":{"type":"call_permission_reply","call_permission_reply":{"response":"accept",` +
				`"expiration_timestamp":1795300000,"response_source":"user_action"}}`,
			whatsapp.Message{Type: "interactive", Interactive: &whatsapp.Interactive{Type: whatsapp.InteractiveCall, Call: &whatsapp.CallPermission{
				Response: "accept", Expires: time.Unix(1795300000, 0).UTC(), Source: "user_action",
			}}},
		},
		"interactive without part": {`"type":"interactive"`, whatsapp.Message{Type: "interactive"}},
		"button": {`"type":"button","button":{"payload":"P","text":"Sim"}`, whatsapp.Message{
			Type: "button", Button: &whatsapp.Button{Payload: "P", Text: "Sim"},
		}},
		"reaction": {`"type":"reaction","reaction":{"message_id":"o1","emoji":"\ud83d\udc4d"}`, whatsapp.Message{
			Type: "reaction", Reaction: &whatsapp.Reaction{MessageID: "o1", Emoji: "👍"},
		}},
		"order": {
			`"type":"order","order":{"catalog_id":"c","text":"t","product_items":[{"product_retailer_id":"p","quantity":2,"item_price":9.90,"currency":"BRL"},{}]}`,
			whatsapp.Message{Type: "order", Order: &whatsapp.Order{CatalogID: "c", Text: "t", Items: []whatsapp.OrderItem{
				{ProductID: "p", Quantity: "2", Price: "9.90", Currency: "BRL"}, {},
			}}},
		},
		"edit": {
			`"type":"edit","edit":{"original_message_id":"m0","message":{"context":{"id":"o1"},"type":"text","text":{"body":"novo"}}}`,
			whatsapp.Message{Type: "edit", Edit: &whatsapp.Edit{
				OriginalID: "m0", Message: &whatsapp.Message{Type: "text", Text: "novo", Context: &whatsapp.Context{ID: "o1"}},
			}},
		},
		"revoke": {`"type":"revoke","revoke":{"original_message_id":"m0"}`, whatsapp.Message{Type: "revoke", Revoke: &whatsapp.Revoke{OriginalID: "m0"}}},
		"unsupported": {
			`"type":"unsupported","unsupported":{"type":"edit"},"errors":[{"code":131051,"title":"t","error_data":{"details":"d"}}]`,
			whatsapp.Message{
				Type: "unsupported", Unsupported: &whatsapp.Unsupported{Type: "edit"},
				Errors: []whatsapp.Error{{Code: whatsapp.CodeUnsupportedType, Title: "t", Details: "d"}},
			},
		},
		"unknown, old": {`"type":"unknown","errors":[{"code":"131051","details":"d"},{}]`, whatsapp.Message{
			Type: "unknown", Errors: []whatsapp.Error{{Code: 131051, Details: "d"}, {Code: whatsapp.NoCode}},
		}},
		"request welcome": {`"type":"request_welcome"`, whatsapp.Message{Type: whatsapp.TypeRequestWelcome}},
		"future":          {`"type":"hologram","hologram":{"x":[1]}`, whatsapp.Message{Type: "hologram"}},
		"no type":         {`"location":{"latitude":1,"longitude":2}`, whatsapp.Message{Type: "location", Location: &whatsapp.Location{Latitude: 1, Longitude: 2}}},
		"no known type":   {`"hologram":{"x":[1]},"status":"x"`, whatsapp.Message{}},
		"nothing":         {`"text":null,"image":null,"context":null,"referral":null`, whatsapp.Message{}},
		"forwarded":       {`"type":"text","context":{"forwarded":true}`, whatsapp.Message{Type: "text", Context: &whatsapp.Context{Forwarded: true}}},
		"forwarded often": {`"type":"text","context":{"frequently_forwarded":true}`, whatsapp.Message{
			Type: "text", Context: &whatsapp.Context{Forwarded: true, FrequentlyForwarded: true},
		}},
		"product inquiry": {`"type":"text","context":{"referred_product":{"catalog_id":"c","product_retailer_id":"p"}}`, whatsapp.Message{
			Type: "text", Context: &whatsapp.Context{Product: &whatsapp.Product{CatalogID: "c", ProductID: "p"}},
		}},
		"referral": {
			`"type":"text","referral":{"source_url":"su","source_id":"si","source_type":"ad","headline":"h","body":"b","media_type":"image",` +
				`"image_url":"iu","video_url":"vu","thumbnail_url":"tu","ctwa_clid":"cc","welcome_message":{"text":"w"}}`,
			whatsapp.Message{Type: "text", Referral: &whatsapp.Referral{
				SourceURL: "su", SourceID: "si", SourceType: "ad", Headline: "h", Body: "b", MediaType: "image",
				ImageURL: "iu", VideoURL: "vu", ThumbnailURL: "tu", ClickID: "cc", Welcome: "w",
			}},
		},
		"group":        {`"type":"text","group_id":"g","from":"55"`, whatsapp.Message{Type: "text", GroupID: "g", From: "55"}},
		"numeric ids":  {`"type":"text","from":5521998877665`, whatsapp.Message{Type: "text", From: "5521998877665"}},
		"last one won": {`"type":"text","type":"image"`, whatsapp.Message{Type: "image"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw := `{"id":"m1",` + test.members + `}`
			u := one(t, hook(change("messages", `"messages":[`+raw+`]`)))
			test.want.ID = "m1"
			if diff := cmp.Diff(&test.want, u.Message); diff != "" || u.Kind != whatsapp.KindMessage || string(u.Raw) != raw {
				t.Errorf("got %s %s: %s", u.Kind, u.Raw, diff)
			}
		})
	}
}

func TestParseSystemMessages(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		members string
		want    whatsapp.System
	}{
		"number": {
			`"system":{"body":"User Ana changed from 5521998877665 to 5531912345678","type":"user_changed_number","wa_id":"5531912345678",` +
				`"user_id":"BR.2","previous_user_id":"BR.1","customer":"5521998877665"}`,
			whatsapp.System{
				Body: "User Ana changed from 5521998877665 to 5531912345678", Type: whatsapp.SystemChangedNumber, WaID: "5531912345678",
				UserID: "BR.2", PreviousUserID: "BR.1", Customer: "5521998877665",
			},
		},
		"number, older key": {`"system":{"new_wa_id":"5531912345678","type":"user_changed_number"}`, whatsapp.System{
			Type: whatsapp.SystemChangedNumber, WaID: "5531912345678",
		}},
		"number, sentence only": {`"system":{"body":"Ana changed from 5521998877665 to 5531912345678","type":"user_changed_number"}`, whatsapp.System{
			Body: "Ana changed from 5521998877665 to 5531912345678", Type: whatsapp.SystemChangedNumber, WaID: "5531912345678",
		}},
		"user id": {
			`"system":{"type":"user_changed_user_id","user_id":"BR.2","previous_user_id":"BR.1","parent_user_id":"BR.ENT.2","previous_parent_user_id":"BR.ENT.1"}`,
			whatsapp.System{
				Type: whatsapp.SystemChangedUserID, UserID: "BR.2", PreviousUserID: "BR.1", ParentUserID: "BR.ENT.2", PreviousParentUserID: "BR.ENT.1",
			},
		},
		"user id, sentence only": {`"system":{"body":"User X changed from BR.9 to BR.8 changed from BR.1 to BR.2","type":"user_changed_user_id"}`, whatsapp.System{
			Body: "User X changed from BR.9 to BR.8 changed from BR.1 to BR.2", Type: whatsapp.SystemChangedUserID, UserID: "BR.2", PreviousUserID: "BR.1",
		}},
		"fields before sentence": {`"system":{"body":"User X changed from BR.1 to BR.2","type":"user_changed_user_id","user_id":"BR.7"}`, whatsapp.System{
			Body: "User X changed from BR.1 to BR.2", Type: whatsapp.SystemChangedUserID, UserID: "BR.7",
		}},
		"other sentence": {`"system":{"body":"User X changed from a to b","type":"user_changed_user_id"}`, whatsapp.System{
			Body: "User X changed from a to b", Type: whatsapp.SystemChangedUserID,
		}},
		"cut sentence": {`"system":{"body":"User X changed from BR.1","type":"user_changed_user_id"}`, whatsapp.System{
			Body: "User X changed from BR.1", Type: whatsapp.SystemChangedUserID,
		}},
		"identity beside": {`"identity":{"acknowledged":true,"hash":"h"},"system":{"type":"customer_identity_changed"}`, whatsapp.System{
			Type: whatsapp.SystemIdentityChanged, Identity: "h",
		}},
		"identity inside": {`"system":{"type":"customer_identity_changed","identity":"h"}`, whatsapp.System{
			Type: whatsapp.SystemIdentityChanged, Identity: "h",
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := one(t, hook(change("messages", `"messages":[{"id":"m","type":"system",`+test.members+`}]`)))
			if u.Message == nil {
				t.Fatalf("got %s", u.Kind)
			}
			if diff := cmp.Diff(&test.want, u.Message.System); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReactionRemoved(t *testing.T) {
	t.Parallel()
	for members, want := range map[string]bool{`"emoji":"👍"`: false, `"emoji":""`: true, `"x":0`: true} {
		u := one(t, hook(change("messages", `"messages":[{"id":"m","type":"reaction","reaction":{"message_id":"o",`+members+`}}]`)))
		if got := u.Message.Reaction.Removed(); got != want {
			t.Errorf("%s: got %v", members, got)
		}
	}
}

func TestIsUserID(t *testing.T) {
	t.Parallel()
	long := func(n int) string {
		id := make([]byte, n)
		for i := range id {
			id[i] = 'a'
		}
		return string(id)
	}
	for id, want := range map[string]bool{
		"BR.1502576394655843": true, "BR.ENT.118157992": true, "US.aB9": true, "BR." + long(128): true, "BR.ENT." + long(128): true, "BR.ENT": true,
		"": false, "BR": false, "BR.": false, "BR.ENT.": false, "br.1": false, "BRA.1": false, "B1.1": false, "BR-1": false, "BR.1-": false, "BR.1.2": false,
		"BR." + long(129): false, "BR.ENT." + long(129): false, "5521998877665": false, "BR.é": false,
	} {
		if got := whatsapp.IsUserID(id); got != want {
			t.Errorf("%q: got %v", id, got)
		}
	}
}
