// Package desk is the sandbox's Zendesk: a believable Support account behind the documented HTTP API, written from the
// vendor's documents alone and sharing nothing with Ponte's client.
//
// # Rules that the documents leave open
//
// A write acts as the user behind the token. The first comment's author is comment.author_id, else submitter_id, else
// the requester. A ticket leaves `new` when somebody is assigned to it or when the status is set; it never goes back.
// Solving an unassigned ticket assigns the updater where the ticket's group has them. A comment of an end user who
// writes by themselves (e-mail) reopens pending, on-hold and solved tickets; one written through the API in their name
// does not. Solved tickets are closed by the account's automation (Config.CloseSolvedAfter). Times have whole seconds.
// A token's scope is checked: reading needs `read` or `<resource>:read`, writing `write` or `<resource>:write`.
// Unknown and read-only keys are dropped with X-Zendesk-API-Warn. Solving by hand or by the API asks for the required fields of
// the ticket's form and is 422 without them; the account's own rules may solve anything.
//
// Triggers e-mail whoever has an address, but for the user whose token or hand made the change: a comment written through the
// API in the customer's name is mailed to the customer. Mails are noted (MailLog) and sent to nobody.
//
// A comment's HTML is kept sanitised; its body is then Markdown, its plain_body the bare text, where no-break spaces stay
// &nbsp;. A text written as body is not taken for Markdown; web addresses in it become links. Line breaks follow <br> and
// blocks, empty lines paragraphs. A comment may have 65,535 characters of body or plain_body.
//
// A user's phone is kept as it was typed. When nobody else has it, it is a direct line and so an identity; else it is shared.
// A new phone takes the old identity's place; a new e-mail becomes a second identity. Searches find phones by their digits.
//
// An upload's token is good for 60 minutes and one comment; unknown, expired and used ones are 422. Files lie on disk, are
// never shown as pages, and the files of tokens that ended unused are removed. A file that is too large is 413, or 422 by
// knob. Pictures up to eight million pixels get a thumbnail.
//
// # The installed app
//
// An app of Config opens its pages with a token that the account signs with RS256, as the documents describe it. What they leave
// open: `iss` is the host of the account's address (with its port), `qsh` the SHA-256 of the query string in hexadecimal, `cnf.jku`
// the address of the public key, context.product "support"; the key is of 2048 bits, PEM "PUBLIC KEY", sent as text/plain. The key is
// made at the first start and outlives resets. A new token has a new jti every time; nothing at the account remembers them.
//
// # What the helpdesk page calls
//
// HelpdeskAPI serves JSON; whatever an agent does on the page, tests can do by it. Every call but the first two names the
// agent who sits at the page in the header `X-Desk-Agent` (the stream also takes `?agent=`), else it answers 401. Errors have
// the API's envelope. What an agent changes counts against the account's limits of updates.
//
//	GET  /agents                      who can sign in: {agents:[{id,name,role,email,groups:[{id,name}]}]}
//	POST /session {agent_id}          signs in without password: {agent:{…}}; the page keeps the id for X-Desk-Agent
//	GET  /me                          {agent:{…}}
//	GET  /tickets                     ?status=&group_id=&assignee_id=(id|me|none)&tag=&view_id=&q=&page=&per_page=(up to 100)
//	                                  {tickets:[…],count,page,next_page}, latest change first; rows in short
//	GET  /tickets/{id}?last=          {ticket:{…,requester_organizations:[…]},comments:[…],comment_count}; last: the latest so many
//	PUT  /tickets/{id}?last=          {status,assignee_id,group_id,requester_id,organization_id,subject,tags,priority,type,
//	                                  custom_fields,email_ccs,followers,due_at,problem_id,ticket_form_id,safe_update,updated_stamp,
//	                                  comment:{body|html_body,public,uploads}} → as GET; all keys optional
//	POST /tickets                     {subject,requester_id|requester,comment…} → 201, as GET
//	DELETE /tickets/{id}              204
//	POST /tickets/{id}/customer       {body|html_body,uploads?,user_id?,channel?}: the requester, or user_id, answers by
//	                                  channel email (the default) or web → as GET
//	PUT  /tickets/{id}/comments/{comment}/make_private, …/redact {text}  as in the API
//	GET  /tickets/{id}/macros/{macro} {result:{ticket:{…}}}: what the macro would change; saves nothing
//	POST /uploads?filename=           the raw file → 201 {upload:{token,attachment}}; &token= adds to a token
//	DELETE /uploads/{token}           204
//	GET  /users?q=  /users/{id}       {users:[…]}; {user,identities,organization,ticket_count,tickets:[the latest]}
//	POST /users, PUT /users/{id}, POST /users/{id}/identities, DELETE …/{identity}, PUT …/{identity}/make_primary  as in the API
//	GET  /organizations               {organizations}
//	GET  /groups /macros /fields /views  {groups} {macros} {fields,forms} {views}
//	GET  /app                         {app:null} or {app:{id,installation_id,name,product,version,subdomain,locations}}
//	POST /app/token                   {location,origin?,color_scheme?} → 201 {url,token,app_guid,origin}: where the page posts the field
//	                                  `token` to, signed for whoever sits at the page; Knobs.AppToken makes it a wrong one
//	GET  /changes?since=N&wait=25     waits up to wait seconds for something newer: {seq,reset,changes:[{seq,ticket_id}]}
//	GET  /stream?agent=ID             the same as server-sent events: `event: change`, `data: {"seq":…,"ticket_id":…}`
//	GET|PUT /knobs                    what disturbs the account, and the choices that the documents leave open: see Knobs
//
// A light agent's comments are internal notes, whatever they ask for, and the rest of what they write is passed over.
//
// Times are RFC 3339 in UTC; a comment is {id,author_id,author:{id,name,role},public,body,html_body,created_at,channel,
// attachments:[{id,file_name,content_type,size,width,height,inline,content_url,thumbnails}]}. html_body is sanitised.
package desk
