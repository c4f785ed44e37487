"""Portuguese."""

from evaluations.scoring.phrasing.phrasing import Phrasing

PORTUGUESE = Phrasing(
    code="pt",
    yes="""
    claro( que sim)? / com certeza / certamente / com (muito )?(prazer|gosto) / sem dúvida / entendido / perfeito /
    certo
    """,
    hello=r"""
    olá / oi / bom dia / boa (tarde|noite) / prezad[oa]s? / car[oa]s? (leitor\w*|utilizador\w*) / bem-vind[oa]s?
    """,
    links="""
    em (resumo|suma|síntese|conclusão|poucas palavras) / para (resumir|concluir|terminar) / portanto / assim /
    por fim / finalmente / enquanto isso / entretanto / além disso / também / então / resumindo / e / mas
    """,
    writing="""
    resumos? / relatório / resposta / lista / listagem / síntese / texto / guia / explicação / análise / boletim /
    visão geral / panorama / apanhado / passos / etapas / pontos (chave|principais) / versão / artigo / notícias /
    novidades / resultados / detalhes / destaques
    """,
    length=r"""
    (em|de|com) (cerca de |menos de |exatamente |no máximo |um máximo de |aproximadamente |até )?\d+ (palavras
    |frases|caracteres)
    """,
    here="""
    aqui (está|estão|vai|vão|tens?|tem|têm|fica) / eis /
    (a seguir|abaixo|em baixo)(,| (está|estão|segue|encontra|apresento|encontrará)) / segue(m)?(-se)?( abaixo)? /
    (preparei|redigi|escrevi|resumi|elaborei) / (apresento|deixo|trago)(-lhe|-te)?
    """,
    answers="""
    (est[ea]|isto|o seguinte) é (o|a|um|uma|o meu|a minha|meu|minha) (breve )?<writing> /
    (a minha|minha|a) resposta( (curta|correta|breve))?( (é|seria))?( a seguinte)? /
    (breve )?<writing>( (final|geral))?
    """,
    turns="""
    passemos / passamos a / vejamos / vamos (a|ao|aos|às|ver) / sigamos / continuemos /
    (e )?agora,? (ao|aos|às|vamos) / noutras notícias / em outras notícias /
    (comecemos|comecamos|começamos|vamos começar) (por|pelo|pela|pelos|pelas|com)
    """,
    shows="""
    aqui (está|estão|vai|vão|tem) / eis / est[ea]s são / a seguir / abaixo / assim (pode|se) /
    (siga|segue|sigam) (est[ea]s|os|as)
    """,
    follows=r"""
    (est[ea]s|os|as)( \w+)? (passos|etapas|pontos|dicas)( \w+)? / ([oa]s?) seguintes?( \w+){0,2} /
    como (se )?segue / a seguir / d[ao] seguinte (maneira|forma|modo)
    """,
    are="é / são / era / eram / foram / incluem / inclui / seriam",
    remarks=r"""
    (ess[ae] |est[ae] )?(é )?(uma )?(muito )?(boa|ótima|excelente|interessante) (pergunta|questão|observação) /
    (isto|isso|este|esse) é (o essencial|tudo|o principal) / em poucas palavras / de nada / sem problemas? /
    est[ea]s (são|eram|foram) (os|as) (pontos|factos|fatos|notícias|destaques)( (chave|principais|mais)~)? /
    (como|enquanto) (modelo|inteligência artificial|assistente)~ / sou (um modelo|uma inteligência)~ /
    <yes>[,.!]+ (aqui|posso|vou|com|terei|segue)\b~ / (baseei|limitei|cingi)-me ~ /
    (posso|poderia|terei (todo o )?prazer em|ficarei feliz em) (~ )?(ajudar|responder|resumir|explicar
    |aprofundar)(-te|-lo|-lhe)?( ~)? / sem mais (delongas|demora|rodeios)~
    """,
    sign_offs=r"""
    (espero|esperamos) (que )?(ist?so|est[ea] (resumo|relatório|resposta|texto)|(o|a) (resumo|resposta|texto)|ter
    (ajudado|sido)|ajude|sirva|seja|lhe|te|tenha)~ / não hesite[ms]? / (muito )?obrigad[oa]( (por|pel[oa])~)?\W*$ /
    até (breve|logo|amanhã|(à|a) próxima( (semana|edição))?)\W*$ /
    (é|isto é|isso é) tudo( (por (hoje|agora|enquanto)))?\W*$ /
    (se|caso) (você )?(tiver|tiveres|tenha|precisar|precise|quiser|desejar|deseje|houver|restar)
    (de |alguma |mais |outras? |quaisquer |qualquer |saber |uma |ainda )*(perguntas?|dúvidas?|questão|questões
    |informaç\w+|detalhes|ajuda|algo|coisa|esclarecimento) /
    (estou|fico|estamos|ficamos) (aqui|à (sua |tua |vossa )?(inteira )?disposição) /
    (avise|diga|informe|avisa|diz)-(me|nos)\b / me (avise|diga|informe)\b /
    (fique|fiquem|fica|mantenha-se|mantenham-se|continue) (~ )?(atent|ligad|sintoniz|conectad|connosco|conosco)~ /
    sintonize[m]?\b / não percam? / (boa (leitura|sorte)|bom (apetite|proveito|jogo))( (a todos|com|para)~)?\W*$ /
    (aproveite|desfrute|divirta-se) / atenciosamente / cumprimentos /
    (note|observe|tenha em (conta|mente|atenção)) que (est[ea]|as informações|o resumo|a resposta|isto)~ /
    (leia|clique|consulte|veja) (mais|aqui|abaixo|também)\b /
    (nota|observação|aviso) ?: (est[ea]s?|o|a|os|as) (<writing>|<loose>) (~ )?(se baseia|baseia|limita|é basead|são
    basead|provê)~
    """,
    material="""
    passagens / passagem / trechos? / fontes? / textos? / artigos? / documentos? / excertos? / contextos? /
    notícias? / materia(l|is) / fragmentos? / matérias? / resultados (de|da) (busca|pesquisa)
    """,
    loose="informaç(ão|ões) / dados / conteúdos?",
    the="""
    o / a / os / as / este / esta / estes / estas / esse / essa / esses / essas / ao / aos / à / às / no / na /
    nos / nas / do / da / dos / das / pelo / pela / pelos / pelas / neste / nesta / nestes / nestas / deste /
    desta / destes / destas / todos os / todas as / ambos os / ambas as / nenhum dos / nenhuma das
    """,
    given="""
    (fornecid|dad|indicad|mencionad|apresentad|citad|disponibilizad|facultad|propost|anexad|oferecid)[oa]s? /
    disponíve(l|is) / anterior(es)? / seguintes? / primeir[oa] / segund[oa] / terceir[oa] / últim[oa] / acima
    """,
    more="de / do / da / dos / das / que / por / pelo / pela / sobre / publicad[oa]s? / em poder",
    behind=True,
    tells="""
    (afirma|menciona|sublinha|indica|explica|precisa|assinala|relata|nota|destaca|conta|recorda|trata|especifica
    |observa|detalha|informa|ressalta|salienta|aborda|acrescenta|enfatiza|comenta|reporta)m? / (diz|dizem) /
    descrevem? / referem? / sugerem? / esclarecem? / expõem? / alertam? / nos (diz|dizem|conta) /
    (fornece|contém|oferece|dá|inclui|traz)m? (as )?(informações|instruções|detalhes|uma visão geral)… (sobre|para
    |acerca) / concordam( em)?
    """,
    also="também / ainda / além disso / expressamente / especificamente / claramente / explicitamente",
    that="que",
    according="""
    (segundo|de acordo com|com base n)(as | as )?informações( <given>)?( contidas)? / segundo / de acordo com /
    conforme / com base( em)? / baseando-se( em)? / baseando-me( em)? / a partir( de)? / à luz( de)? /
    tendo em conta / a julgar( por)? / basead[oa]s?( apenas)?( em)? / consoante
    """,
    sourcing="""
    (tal )?(como|conforme) (<also> )?(se )?(<tells>) (<also> )?<source> /
    (como|conforme) (<also> )?(é |está )?(indicado|mencionado|descrito|referido|explicado|relatado|apontado)(
    <also>)? <source> /
    <subject>,? (<also> )?(lê-se|é (<also> )?(indicado|mencionado|referido|explicado)|diz-se|afirma-se|menciona-se)(
    <that>)? / (<subject> depreende-se|depreende-se <subject>)( <that>)?
    """,
    said="""
    disse / diz / afirmou / explicou / acrescentou / garantiu / declarou / respondeu / admitiu / comentou / gritou /
    pediu
    """,
    denies="não / nenhuma? / impossível / insuficientes? / sem / nem / falta / faltam / tampouco",
    refusals=r"""
    (impossível|não (é|foi|me é) possível|não (posso|podemos|se pode|consigo|sou capaz|pode ser|podem ser)) (~
    )?(responder|respondid[oa]s?|dar uma resposta|fornecer uma resposta) /
    (não (posso|podemos|consigo|sou capaz|tenho|temos|disponho|dispomos|me é possível)) (~ )?(determinar|fornecer
    |dar|dizer|encontrar|informações|acesso|dados suficientes|ajudar) /
    <subject> (<also> )?não (<also> )?(<tells>|contêm|contém|fornece|dão|dá|oferece|fala|faz|fazem|permite|traz
    |trata|aborda|inclu|são suficientes|é suficiente|apresenta|tem|têm|bastam) /
    (nenhum|nenhuma)( (dos|das|de))? (<given> )*<material> (~ )?(<tells>|contém|fornece|oferece|dá) /
    não (é|são|foi|foram|se|há|está|estão|consta|constam|aparece|aparecem|figura) ~ (por )?<subject> /
    não (há|existem?|se dispõe de) (suficientes? |mais |outras )(informaç(ão|ões)|dados|detalhes|contexto) /
    não (há|existem?) (informaç(ão|ões)|dados) suficientes? /
    (informaç(ão|ões)|dados|contexto) (são |é )?insuficientes? /
    sem (mais|maiores|outras) (informaç(ão|ões)|detalhes|contexto) / nenhuma? ~ (é|são|está|foi) (~ )?<subject>\W*$
    """,
    steps="passos? / etapas?",
    labels="páginas? / capítulos? / seção / secção / secções / partes? / figuras? / número / nota",
    verbs="""
    venceu vence vencem ganhou ganha ganham perdeu perde perdem empatou empata empatam marcou marca assinou assina
    contratou contrata despediu demitiu lesionado lesionada regressa voltou volta chega chegou sai saiu deixa deixou
    é são foi foram tem têm está estão será serão pode nunca sem não
    """,
)
