"""Pairs of words of which one thing is the one or the other."""

# Two words that exclude each other, the pairs parted by semicolons.
PAIRS = """
more fewer; more less; most fewest; most least; higher lower; twice half; double half; doubled halved; highest
lowest; bigger smaller; biggest smallest; larger smaller; largest smallest; greater smaller; longer shorter; longest
shortest; better worse; best worst; older younger; oldest youngest; faster slower; earlier later; earliest latest;
stronger weaker; heavier lighter; richer poorer; cheaper dearer; closer further; nearer farther; wider narrower;
above below; over under; before after; ahead behind; inside outside; with without; home away; hosts visitors; up
down; upper lower; first last; front back; left right; opening closing; increase decrease; rise fall; rose fell;
risen fallen; grew shrank; gain lose; improve worsen; win lose; won lost; victory defeat; wins defeats; winning
losing; winner loser; beat lost; promoted relegated; promotion relegation; buy sell; bought sold; arrive leave;
arrived left; arrival departure; join leave; joined left; stay leave; remain leave; enter leave; start finish; start
end; begin end; began ended; open close; opened closed; open shut; accept reject; accepted rejected; accept refuse;
accepted refused; agree refuse; agreed refused; agreed disagreed; agree disagree; allow forbid; allowed banned;
allowed forbade; confirm deny; confirmed denied; admit deny; admitted denied; praise criticise; praised criticised;
praised blamed; support oppose; supported opposed; approve reject; approved rejected; succeed fail; succeeded
failed; managed failed; success failure; successful unsuccessful; possible impossible; able unable; likely unlikely;
certain uncertain; sure unsure; fit injured; fit unfit; available unavailable; guilty innocent; convicted acquitted;
alive dead; happy unhappy; lucky unlucky; pleased disappointed; satisfied dissatisfied; calm angry; easy difficult;
strong weak; rich poor; early late; public private; permanent temporary; permanently temporarily; full empty; true
false; right wrong; safe dangerous; legal illegal; major minor; majority minority; maximum minimum; former current;
always never; often rarely; often seldom; all none; everybody nobody; everyone nobody; both neither; some none;
everything nothing; because although; because despite; because though; so although; already yet; still longer; still
former; option obligation; may must; could must; scored conceded; score concede; scored missed; saved scored; kept
dropped; signed released; hired fired; hire fire; appointed sacked; appointed dismissed; reward punish; rewarded
punished; extended shortened; delayed postponed-not; trust distrust; remembered forgot; remember forget; lend
borrow; lent borrowed; left signed; sold signed; sold kept; keep sell; won drew; lost drew; won drawn; beat drew;
stayed left; include exclude; included excluded; gained lost; increased decreased; increased reduced; increased
fell; raised lowered; raised cut; rose dropped; climbed dropped; climbed fell; banned cleared; suspended reinstated;
recovered injured; welcomed condemned; optimistic pessimistic; delighted disappointed; domestic foreign; national
international; senior junior; profit loss; surplus deficit; employer employee; prosecution defence; prosecution
defense; buyer seller; lender borrower; attack defence; husband wife; unanimous divided; voluntary compulsory;
indoor outdoor; lifted imposed; launched ended; expanded shrank; give receive; gave received; cause prevent; male
female; men women; man woman; boy girl; boys girls; allowed disallowed; seen missed; guilty cleared; convicted
cleared; upheld dismissed; upheld rejected; upheld overturned; resigned dismissed; resigned sacked; postponed
abandoned; postponed cancelled; including except; including excluding; permanent loan; full part; taller smaller;
taller shorter; secretly publicly; secret public; openly secretly; risen dropped; rose tumbled; rose plunged; growth
decline; increase drop; increase decline; rise drop; rise decline; gains losses; forced allowed; required allowed;
mandatory optional; direct indirect; strengthen weaken; plaintiff defendant; import export; imports exports;
incoming outgoing; internal external; urban rural; present absent; presence absence; same different; united divided;
love hate; loved hated; hope fear; hopes fears; expand shrink; helped hindered; proud ashamed; criticised defended;
attacked defended; accused praised; accused cleared; hot cold; warm cold; thick thin; clean dirty; young old; modern
ancient; rare common; simple complex; visible hidden; known unknown; identified unidentified; released withheld;
revealed concealed; improved worsened; encourage discourage; encouraged discouraged; appeared disappeared; spent
saved; paid received; defended blamed; approved refused; agreed rejected; agree reject; granted refused; granted
denied; backed opposed; backed rejected; supported rejected; supported refused; confirmed dismissed; dropped
selected; dropped picked; dropped recalled; omitted included; grow shrink; rise shrink; grew fell; fulfilled broke;
kept broke; passed failed; passed missed; met missed; trebled halved; raised reduced; retained lost; retained sold;
arrived departed; opened ended; narrow wide; narrowly comfortably; easily narrowly; willing unwilling; willingness
refusal; eligible ineligible; paid unpaid; fully partly; slowed accelerated; eased tightened; reinstated dismissed;
ally rival; friend enemy; outside within; repaid borrowed; heavy light; heaviest lightest; tallest shortest; fastest
slowest; thrashed edged; unbeaten beaten; started finished; starting finishing; win draw; victory draw; defeat draw;
approved opposed; accepted opposed; approve oppose; soon late; keep lose; keeps loses; kept lost; valid void; valid
invalid; withdrew stayed; withdrawn staying; withdrawn stayed; accepts rejects; former present; accepted thrown;
approved thrown; approved dropped; agreed dropped
"""
