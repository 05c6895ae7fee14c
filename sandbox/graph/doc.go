// Package graph is a simulated WhatsApp Cloud API: the Graph API a business calls, the webhooks it receives, and the
// phones of a few customers.
//
// It is written from Meta's documentation and shares nothing with Ponte's client, so that a wrong field name cannot be
// wrong on both sides. Everything is saved before it is answered and goes on after a restart; what happens later
// (statuses, webhooks and their retries) waits in the queue on the sandbox's clock. Files are copied to disk while they
// arrive.
//
// # Graph API
//
// Below API(), {version} is any v<major>.<minor>; every call needs the bearer token, else error 190.
//
//	POST   /{version}/{number}/messages           send, mark as read, typing indicator
//	POST   /{version}/{number}/media              upload (multipart: messaging_product, file)
//	DELETE /{version}/{number}/contact_book       ?messaging_product=whatsapp&bsuid=: the phone is hidden again
//	GET    /{version}/{number}                    the number's data
//	GET    /{version}/{account}                   the account's data, and below it
//	       /phone_numbers, /subscribed_apps       its numbers and apps (POST subscribes)
//	       /message_templates                     ?limit&after&before&fields&name&status&language&category; also POST, DELETE ?name=
//	GET    /{version}/{media_id}                  look up a media link, valid for 5 minutes
//	DELETE /{version}/{media_id}                  delete media
//	GET    /media/{media_id}                      download by that link
//
// With Config.Dialog360 the second number is hosted by 360dialog instead. Its calls are below /360, with the header
// D360-API-KEY: POST /messages, POST /media, GET and DELETE /{media_id}. Links lead to https://lookaside.fbsbx.com; the
// file is at the same path below /360. Its webhooks are not signed.
//
// # Messages that fail
//
// A mobile number whose last eight digits are an error code of the documentation fails with that code, whether or not
// it is a customer's: +55 11 9 0013 1026 with 131026. The area code chooses the way:
//
//	+55 11 9 <code>   the code's usual way: in the answer, or accepted and then reported by a failed status
//	+55 21 9 <code>   always in the answer
//	+55 22 9 <code>   always by a failed status, but code 0
//
// A customer's fail_code and fail_way do the same for any customer. Besides, accepted messages fail later: to nobody
// (131026), free-form more than 24 hours after the customer's last message or call (131047, see Knobs.WindowError),
// marketing to who stopped it (131050), and files whose content is not what their type says, that are too large for a
// still sticker, or whose link leads to a host ending in .invalid (131053). More than 80 messages a second and number
// are refused with 130429, more than one in 6 seconds to the same customer, in bursts of 45, with 131056.
//
// # Phone API
//
// Below PhoneAPI(), for the phone page and for tests. Bodies are JSON; errors are {"error":"…"}. ?number=<id> picks the
// business' number, else it is the first.
//
//	GET   /customers                      {"numbers":[…],"customers":[…]}
//	POST  /customers                      {"name","phone","username"?}: a new customer
//	PATCH /customers/{id}                 {"name"?,"username"?,"parent_bsuid"?,"hides_phone"?,"auto_read"?,"no_receipts"?,
//	                                      "offline"?,"fail_code"?,"fail_way"?: "answer", "status" or ""}
//	GET   /customers/{id}/chat            the chat as the customer sees it; ?all=1 also what never reached the phone
//	POST  /customers/{id}/messages        a message, see below → {"id":"wamid…"}
//	POST  /customers/{id}/media           multipart, field file → {"id"}, to be sent as {"type":"image","image":{"id"}}
//	POST  /customers/{id}/read            the customer opens the chat
//	POST  /customers/{id}/played          {"message_id"}: listens to a voice message
//	POST  /customers/{id}/calls           {"seconds"?}: calls; 0 seconds is a call nobody takes
//	POST  /customers/{id}/preferences     {"value":"stop"|"resume"}: marketing messages
//	POST  /customers/{id}/share-phone     {"message_id"?}: answers a request for the phone, which webhooks have from then on
//	POST  /customers/{id}/change-number   {"phone"}: another phone, and another business-scoped user id
//	POST  /customers/{id}/change-id       another business-scoped user id
//	POST  /customers/{id}/recycle         {"name"}: somebody new gets the phone → the new customer
//	GET   /media/{id}                     media for the page, without token
//	GET   /events                         server-sent events {"customer":"<id>"}: read its chat again; "" is the list
//
// A message is {"type",<type>:{…}} with, each optional, "context":{"message_id","forwarded","frequently_forwarded",
// "referred_product"}, "referral":{…}, "group_id". Its types and their contents:
//
//	text{body}   location{latitude,longitude,name?,address?}   contacts[…]   reaction{message_id,emoji?}
//	image|video|audio|document|sticker{id,caption?,filename?,voice?}
//	interactive{type:button_reply|list_reply|nfm_reply|call_permission_reply,…}   button{payload,text}
//	order{catalog_id,text?,product_items[…]}   unsupported{type?,code?: 131051, 131052 or 131060}
//	edit{message_id,text}   revoke{message_id}
//
// A media message with "generate_bytes":N carries a file of N bytes that is computed while it is read (mime_type in its
// content chooses the type); over 100 MB it arrives as unsupported, 131052. "declare":{"file_size"?,"mime_type"?,"url"?,
// "wrong_sha256"?,"no_url"?} has WhatsApp say other things of the file than what is true.
//
// # Control
//
// Below ControlAPI():
//
//	GET   /errors            [{"code","way","count"}]: what the business was told
//	GET   /templates         all templates
//	PATCH /templates/{id}    {"status","reason"?}, also by name: a new state, told by message_template_status_update
//	POST  /webhooks          {"field","value","number"?}: any change as it is
package graph
