// Package graph is a simulated WhatsApp Cloud API: the Graph API a business calls, the webhooks it receives, and the
// phones of a few customers.
//
// It is written from Meta's documentation and shares nothing with Ponte's client, so that a wrong field name cannot be
// wrong on both sides. Everything is saved before it is answered and goes on after a restart; what happens later
// (statuses, webhooks and their retries) waits in the queue on the sandbox's clock.
//
// # Graph API
//
// Below API(), {version} is any v<major>.<minor>; every call needs the bearer token, else error 190.
//
//	POST   /{version}/{phone_number_id}/messages     send, mark as read, typing indicator
//	POST   /{version}/{phone_number_id}/media        upload (multipart: messaging_product, file)
//	GET    /{version}/{phone_number_id}              the number's data
//	GET    /{version}/{waba_id}/message_templates    the templates
//	GET    /{version}/{media_id}                     look up a media link, valid for 5 minutes
//	DELETE /{version}/{media_id}                     delete media
//	GET    /media/{media_id}                         download by that link
//
// # Recipients that fail
//
// A mobile number whose last eight digits are an error code of the documentation fails with that code, whether or not
// it is a customer's: +55 11 9 0013 1026 with 131026. The area code chooses the way:
//
//	+55 11 9 <code>   the code's usual way: in the answer, or accepted and then reported by a failed status
//	+55 21 9 <code>   always in the answer
//	+55 22 9 <code>   always by a failed status, but code 0
//
// Any other recipient that is no customer is accepted and fails with 131026, a free-form message more than 24 hours
// after the customer's last one with 131047.
//
// # Phone API
//
// Below PhoneAPI(), for the phone page and for tests. Bodies are JSON; errors are {"error":"…"}. Where a business has
// several numbers, ?number=<phone_number_id> picks one, else it is the first.
//
//	GET   /customers                  {"numbers":[…],"customers":[…]}
//	POST  /customers                  {"name","phone","username"?}: a new customer
//	PATCH /customers/{id}             {"auto_read"?,"no_receipts"?}: the phone's switches
//	GET   /customers/{id}/chat        the chat as the customer sees it; ?all=1 also what never reached the phone
//	POST  /customers/{id}/messages    {"type",<type>:{…},"context":{"message_id"}?} → {"id":"wamid…"}
//	POST  /customers/{id}/media       multipart, field file → {"id"}, to be sent as {"type":"image","image":{"id"}}
//	POST  /customers/{id}/read        the customer opens the chat
//	GET   /media/{id}                 media for the page, without token
//	GET   /events                     server-sent events {"customer":"<id>"}: read its chat again; "" is the list
//
// A customer sends text{body}, image|video|audio|document|sticker{id,caption?,filename?,voice?},
// location{latitude,longitude,name?,address?}, contacts[…], reaction{message_id,emoji},
// interactive{type:button_reply|list_reply,…} and button{payload,text}.
package graph
