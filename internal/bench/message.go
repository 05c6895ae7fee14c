package bench

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strconv"
	"strings"
	"time"
)

// What stands in the prepared text for what differs between messages. All are digits, so that every request has one length.
const (
	personMark = "77777777"     // a person's number, 8 digits
	serialMark = "333333333333" // a message's number, 12 digits
)

// number is the phone_number_id that the messages come to: none that the demo has a bot for.
const number = "106540352242999"

const text = "Bom dia! Desde ontem o pedido aparece como faturado, mas a nota fiscal não chegou por e-mail. Podem verificar, por favor?"

// contactJSON and messageJSON are one person and one text message of theirs, as WhatsApp sends them.
func contactJSON() string {
	return `{"profile":{"name":"Cliente ` + personMark + `"},"wa_id":"55119` + personMark + `","user_id":"BR.10` + personMark + `"}`
}

func messageJSON(sent time.Time) string {
	return `{"from":"55119` + personMark + `","from_user_id":"BR.10` + personMark + `","id":"wamid.HBgNNTUxMTk` + serialMark +
		`FQIAEhgUM0E=","timestamp":"` + strconv.FormatInt(sent.Unix(), 10) + `","text":{"body":"` + text + `"},"type":"text"}`
}

// webhookJSON is a webhook of one change.
func webhookJSON(contacts, messages string) string {
	return `{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"value":{"messaging_product":"whatsapp",` +
		`"metadata":{"display_phone_number":"551140028922","phone_number_id":"` + number + `"},"contacts":[` + contacts +
		`],"messages":[` + messages + `]},"field":"messages"}]}]}`
}

// batch is the body of one webhook with a message of each of the persons, numbered from serial on.
func batch(sent time.Time, firstPerson, persons int, serial int64) []byte {
	contact, message := contactJSON(), messageJSON(sent)
	contacts, messages := make([]string, persons), make([]string, persons)
	for i := range persons {
		fill := strings.NewReplacer(personMark, digits(int64(firstPerson+i), len(personMark)), serialMark, digits(serial+int64(i), len(serialMark)))
		contacts[i], messages[i] = fill.Replace(contact), fill.Replace(message)
	}
	return []byte(webhookJSON(strings.Join(contacts, ","), strings.Join(messages, ",")))
}

// digits writes n with leading zeros.
func digits(n int64, width int) string { return fmt.Sprintf("%0*d", width, n) }

// signer signs bodies.
type signer struct {
	mac hash.Hash
	sum []byte
}

func newSigner(secret string) *signer {
	return &signer{mac: hmac.New(sha256.New, []byte(secret)), sum: make([]byte, 0, sha256.Size)}
}

// sign writes the body's signature, in hex, to where.
func (s *signer) sign(where, body []byte) {
	s.mac.Reset()
	s.mac.Write(body)
	hex.Encode(where, s.mac.Sum(s.sum[:0]))
}

// request is a whole HTTP request around a body, signed.
func request(s *signer, body []byte) []byte {
	r, signature := head(len(body))
	s.sign(r[signature:signature+hex.EncodedLen(sha256.Size)], body)
	return append(r, body...)
}

// head is what stands before a body, and the place in it where the signature goes.
func head(length int) (h []byte, signature int) {
	const before = "POST /webhooks/whatsapp HTTP/1.1\r\nHost: ponte.invalid\r\nUser-Agent: facebookexternalua\r\n" +
		"Content-Type: application/json\r\nAccept: */*\r\nX-Hub-Signature-256: sha256="
	h = append([]byte(before), strings.Repeat("0", hex.EncodedLen(sha256.Size))...)
	h = append(h, "\r\nContent-Length: "+strconv.Itoa(length)+"\r\n\r\n"...)
	return h, len(before)
}

// stencil is a request with one message that is written over for each one: nothing is allocated, which keeps the load
// generator light. It is for one goroutine.
type stencil struct {
	signer    *signer
	request   []byte
	body      []byte // the end of request
	signature int
	persons   []int // where they stand in body
	serials   []int
}

func newStencil(secret string, sent time.Time) *stencil {
	body := []byte(webhookJSON(contactJSON(), messageJSON(sent)))
	h, signature := head(len(body))
	t := &stencil{signer: newSigner(secret), request: append(h, body...), signature: signature}
	t.body = t.request[len(h):]
	t.persons, t.serials = places(t.body, personMark), places(t.body, serialMark)
	return t
}

// places lists where a mark stands.
func places(in []byte, mark string) []int {
	var at []int
	for from := 0; ; {
		i := bytes.Index(in[from:], []byte(mark))
		if i < 0 {
			return at
		}
		at = append(at, from+i)
		from += i + len(mark)
	}
}

// fill makes the request one of that person and message. It holds until the next fill.
func (t *stencil) fill(person int, serial int64) []byte {
	for _, at := range t.persons {
		putDigits(t.body[at:at+len(personMark)], int64(person))
	}
	for _, at := range t.serials {
		putDigits(t.body[at:at+len(serialMark)], serial)
	}
	t.signer.sign(t.request[t.signature:t.signature+hex.EncodedLen(sha256.Size)], t.body)
	return t.request
}

// putDigits fills where with n, from its last digit on.
func putDigits(where []byte, n int64) {
	for i := len(where) - 1; i >= 0; i-- {
		where[i] = byte('0' + n%10)
		n /= 10
	}
}
