package inbound_test

import (
	"strings"
	"testing"
)

// payload is a webhook as the platform sends it since 2026, and what it leaves behind.
type payload struct {
	contacts, messages string // members of the value
	field, numberID    string // messages, number
	unsigned           bool   // passed on by 360dialog
	lost               map[string]string
	want               []string
}

func payloads() map[string]payload {
	const (
		hidden  = `[{"profile":{"name":"Maria Souza","username":"maria.souza"},"user_id":"BR.1111","parent_user_id":"BR.ENT.1"}]`
		visible = `[{"profile":{"name":"Maria Souza"},"wa_id":"5511987654321","user_id":"BR.1111"}]`
		said    = `"id":"wamid.1","timestamp":"1795300000"`
	)
	return map[string]payload{
		"no phone at all": {
			contacts: hidden,
			messages: `[{` + said + `,"from_user_id":"BR.1111","from_parent_user_id":"BR.ENT.1","type":"text","text":{"body":"olá"}}]`,
			want:     []string{"N|c.BR.1111", "  message text", "    by Maria Souza @maria.souza wa: id:BR.1111", "    | olá"},
		},
		"rotated id": {
			messages: `[{` + said + `,"type":"system","system":{"type":"user_changed_user_id","body":"User Maria Souza changed from BR.1111 to BR.2222",` +
				`"user_id":"BR.2222","previous_user_id":"BR.1111","parent_user_id":"BR.ENT.2","previous_parent_user_id":"BR.ENT.1"}}]`,
			want: []string{
				"N|c.BR.2222", "  notice system", "    by @ wa: id:BR.2222",
				"    | Aviso do WhatsApp: a identificação do cliente no WhatsApp mudou. A conversa continua com a mesma pessoa.",
			},
		},
		"rotated id that only words tell": {
			messages: `[{` + said + `,"type":"system","system":{"type":"user_changed_user_id","body":"User Maria changed from X to Y changed from BR.1111 to BR.2222"}}]`,
			want: []string{
				"N|c.BR.2222", "  notice system", "    by @ wa: id:BR.2222",
				"    | Aviso do WhatsApp: a identificação do cliente no WhatsApp mudou. A conversa continua com a mesma pessoa.",
			},
		},
		"new number with a new id": {
			messages: `[{` + said + `,"from":"5511987654321","type":"system","system":{"type":"user_changed_number",` +
				`"body":"User Maria Souza changed from 5511987654321 to 5511912345678","wa_id":"5511912345678","user_id":"BR.2222","previous_user_id":"BR.1111"}}]`,
			want: []string{
				"N|c.BR.2222", "  notice system", "    by @ wa:5511912345678 id:BR.2222",
				"    | Aviso do WhatsApp: o cliente trocou de número: o novo é +5511912345678. As próximas mensagens vão para ele.",
			},
		},
		"new number that only words tell": {
			messages: `[{` + said + `,"from":"5511987654321","type":"system","system":{"type":"user_changed_number",` +
				`"body":"User Maria Souza changed from 5511987654321 to 5511912345678"}}]`,
			want: []string{
				"N|c.5511912345678", "  notice system", "    by @ wa:5511912345678 id:",
				"    | Aviso do WhatsApp: o cliente trocou de número: o novo é +5511912345678. As próximas mensagens vão para ele.",
			},
		},
		"edit that WhatsApp keeps to itself": {
			contacts: visible,
			messages: `[{` + said + `,"from":"5511987654321","from_user_id":"BR.1111","type":"unsupported","unsupported":{"type":"edit"},` +
				`"errors":[{"code":131051,"title":"Message type unknown","error_data":{"details":"Message type is currently not supported."}}]}]`,
			want: []string{"N|c.BR.1111", "  message unsupported", "    by Maria Souza @ wa:5511987654321 id:BR.1111", "    | " + unseen},
		},
		"edit": {
			contacts: visible,
			messages: `[{` + said + `,"from":"5511987654321","from_user_id":"BR.1111","type":"edit","edit":{"original_message_id":"wamid.0",` +
				`"message":{"context":{"id":"M0"},"type":"text","text":{"body":"amanhã às 9h"}}}}]`,
			want: []string{
				"N|c.BR.1111", "  message edit", "    by Maria Souza @ wa:5511987654321 id:BR.1111", "    | (editou a mensagem) amanhã às 9h", "    re wamid.0",
			},
		},
		"revoke": {
			contacts: hidden,
			messages: `[{` + said + `,"from_user_id":"BR.1111","type":"revoke","revoke":{"original_message_id":"wamid.0"}}]`,
			want: []string{
				"N|c.BR.1111", "  message revoke", "    by Maria Souza @maria.souza wa: id:BR.1111", "    | (apagou a mensagem)", "    re wamid.0",
			},
		},
		"call": {
			field: "calls", contacts: hidden,
			messages: `[{"id":"wacid.1","from_user_id":"BR.1111","to":"551130040000","event":"connect","direction":"USER_INITIATED",` +
				`"timestamp":"1795300000","session":{"sdp_type":"offer","sdp":"v=0"}},{"id":"wacid.1","from_user_id":"BR.1111","event":"terminate",` +
				`"direction":"USER_INITIATED","status":"FAILED"}]`,
			want: []string{
				"N|c.BR.1111", "  call call", "    by Maria Souza @maria.souza wa: id:BR.1111", "    | (ligação do cliente pelo WhatsApp)",
				"account|N", "  notice account", "    | Aviso da conta do WhatsApp: “calls terminate”",
			},
		},
		"passed on by 360dialog": {
			unsigned: true, numberID: second, contacts: visible,
			messages: `[{` + said + `,"from":"5511987654321","from_user_id":"BR.1111","type":"audio","audio":{"id":"77","mime_type":"audio/ogg; codecs=opus",` +
				`"sha256":"49YnY4f7kN/tyZGSkiYxHTq0sXfNvcIWdwWbb51pIow=","voice":true}}]`,
			want: []string{
				"S|c.BR.1111", "  message audio", "    by Maria Souza @ wa:5511987654321 id:BR.1111", "    | [Mensagem de voz]",
				`    file audio "" audio/ogg; codecs=opus media:77 voice:true sha:e3d62763`,
			},
		},
		"own phone in answer to our request": {
			contacts: hidden,
			messages: `[{` + said + `,"from_user_id":"BR.1111","type":"contacts","context":{"id":"wamid.0"},"contacts":[{"origin":"contact_request",` +
				`"name":{"formatted_name":"Maria Souza"},"phones":[{"phone":"+55 11 98765-4321","wa_id":"5511987654321","type":"CELL"}]}]}]`,
			want: []string{
				"N|c.BR.1111", "  message contacts", "    by Maria Souza @maria.souza wa:5511987654321 id:BR.1111",
				"    | [Contato do próprio cliente] Maria Souza", "    | +55 11 98765-4321", "    re wamid.0",
			},
		},
		"phone of another": {
			contacts: hidden,
			messages: `[{` + said + `,"from_user_id":"BR.1111","type":"contacts","contacts":[{"origin":"other",` +
				`"vcard":"BEGIN:VCARD\nVERSION:3.0\nFN:José\nORG:Padaria\nTEL;waid=5511987654321:+55 11 98765-4321\nEND:VCARD"}]}]`,
			want: []string{
				"N|c.BR.1111", "  message contacts", "    by Maria Souza @maria.souza wa: id:BR.1111", "    | [Contato] José", "    | Padaria",
				"    | +55 11 98765-4321",
			},
		},
		"recycled phone": {
			lost: map[string]string{"c.BR.1111": "c.old"}, contacts: visible,
			messages: `[{` + said + `,"from":"5511987654321","from_user_id":"BR.1111","type":"text","text":{"body":"número novo"}}]`,
			want: []string{
				"N|c.BR.1111", "  message text", "    by Maria Souza @ wa:5511987654321 id:BR.1111", "    | número novo",
				"N|c.old", "  gone", "    by @ wa:5511987654321 id:",
			},
		},
	}
}

func TestPayloads(t *testing.T) {
	t.Parallel()
	for name, p := range payloads() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if p.field == "" {
				p.field = "messages"
			}
			if p.numberID == "" {
				p.numberID = number
			}
			value := `{"messaging_product":"whatsapp","metadata":{"display_phone_number":"551130040000","phone_number_id":"` + p.numberID + `"},`
			if p.contacts != "" {
				value += `"contacts":` + p.contacts + `,`
			}
			got := shown(t, webhook(change(p.field, value+`"`+p.field+`":`+p.messages+`}`)), p.unsigned, p.lost)
			want := strings.Join(p.want, "\n") + "\n"
			want = strings.NewReplacer("N|", number+"|", "S|", second+"|", "account|N", "account|"+number).Replace(want)
			(&house{t: t}).same("shown", strings.Split(got, "\n"), strings.Split(want, "\n"))
		})
	}
}
