package conversation

// dictionary stands before every text that is packed: what states have in common need not be kept with each of them. What comes last is
// repeated cheapest. States are unreadable without the dictionary that they were packed with: another one needs another first byte, see
// statePacked.
const dictionary = `","ln":"","re":{"r":"","x":"","a":true,"ag":},"id":"menu:","t":"","d":"","ch":{"b":"","o":[{"o":{"t":[{"e":{"id":"1","k":"comment",` +
	`"c":{"a":"customer","p":true,"l":[{"m":"wamid.HBgNNTUx","x":""}],"f":"2026-11-","la":"2026-11-"ch":{"f":{"session":"wa-",` +
	`"number":"WhatsApp","contact_name":"","contact_phone":"+55","catalogue":"","derived":""}},"nb":"2026-11-","si":"2026-11-",` +
	`"p":[{"e":{"id":"","k":"send","s":{"x":"","b":[{"e":{"id":"","k":"summary","k":"update","k":"tell","sa":"2026-11-","n":1,"f":true,` +
	`"fi":[{"fs":"2026-11-","fe":[""],"ac":[{"en":"2026-11-","tr":true,"cg":{"ro":["closing"],"st":"stopped","st":"bot","st":"pending",` +
	`"st":"closed","st":"expired","s":"pending","s":"solved","s":"closed","s":"hold","cu":4"oc":"closed","oc":"audited",` +
	`"f":["no_cnpj","no_organization","unverified"],"of":[{"pr":["au":{"l":"2026-11-","d":true,"at":"2026-11-","o":"client_abandonment",` +
	`"o":"agent_unavailable","r":"","e":""},"sv":{"u":"2026-11-","a":[5],"s":"sent"},{"e":"1","s":"failed"},{"e":"1","s":"queued","ct":2,` +
	`"nw":"wamid.HBgNNTUxMT","mu":true,{"n":"1","c":{"id":"01K","n":"Maria da Silva","wa":"5511","u":"BR.1","z":39,"e":"@gmail.com.br"},` +
	`"v":{"s":"wa-1","st":"queued","st":"active","at":"2026-11-","f":"wamid.HBgNNTUx","t":{"id":4,"s":"new","s":"open","ow":[4,` +
	`"se":"2026-11-","sj":"","g":3,"as":3,"o":3,"up":"2026-11-Z","tg":["whatsapp"],"tk":true,"ss":"wa-1-01K-1"},"h":true,"a":true,"ow":3,` +
	`"pc":{"nu":"2611-0","o":{"id":3,"n":"Distribuidora Comércio de Ltda","c":"000","p":"no","at":"2026-11-"},"e":"@gmail.com.br",` +
	`"b":{"s":"done","t":1,"c":"","sd":["Bom dia","Boa tarde"],"ch":"","a":"2026-11-"},"rq":3,"rn":"","q":"Suporte N1","g":3,` +
	`"ca":"Distribuição::Linha Winthor::","su":"","d":"2026-11-Z","gr":true},"ln":1,"ck":{"q":"2026-11-","f":true,"t":"2026-11-",` +
	`"w":"2026-11-","h":"2026-11-","n":"","a":"2026-11-","r":1,"al":true,"at":true}},"ct":1,"ne":1,"li":"2026-11-","ws":true,` +
	`"nw":"wamid.HBgNNTUxMT","rg":true,"d":[{"e":"1","id":"wamid.HBgNNTUxMT==","s":"delivered","s":"accepted","at":"2026-11-"},` +
	`{"e":"2","id":"wamid.HBgNNTUxMT==","s":"read","at":"2026-11-Z"}],"o":{}}`
