"""What class names, ids and roles say an element is for: whole words, never parts of words.

A name such as `article__share-tools` is read from its end: in a compound the last word says what the thing is, those
before it say whose. Words are taken as long as they are known; the first unknown one ends it. So `nyt-share-tools`
counts as share and tools, and `meta-analysis`, `premium-wine`, `tags-guide` and `barber-story` do not count as meta,
premium, tags or bar.
"""

from __future__ import annotations

import re
from functools import lru_cache

Signature = tuple[tuple[str, str], ...]


def _listed(text: str) -> list[str]:
    return text.split()


GROUPS: dict[str, str] = {
    "share": """
        share shares sharing sharer social socials social-media socialmedia socialshare sharebar sharebuttons
        sharethis addthis addtoany sharedaddy follow followus followbutton following teilen compartir partage
        partager condividi facebook twitter whatsapp pinterest linkedin telegram instagram reddit tweet like likes
        copylink socialicons socialbar socialnav socialnetworks""",
    "comment": """
        comment comments commentlist comment-list commentform disqus disqusthread respond reply replies commenter
        commenting conversation discussion discussions kommentar kommentare commentaire commentaires comentario
        comentarios commenti reacties opinie livefyre spotim coral feedback userreview guestbook webmention
        webmentions pings trackback trackbacks""",
    "related": """
        related relateds relatedposts relatedarticles relatedcontent recommend recommended recommendation
        recommendations recirc recirculation more readmore seemore moreon morefrom morestories teaser teasers
        teasergroup trending trend popular mostpopular mostread mostviewed mostshared also seealso readalso
        youmaylike mightlike suggested suggestions suggestion similar latest latestnews upnext readnext
        nextarticle prevnext previous next adjacent headlines topstories promoted relacionadas relacionados
        leiamais saibamais verwandte weiterlesen mehr meistgelesen associes lireaussi alaune crosslink crosslinks
        linkbox onward jprelatedposts yarpp morelikethis postnavigation postnav""",
    "newsletter": """
        newsletter newsletters newslettersignup subscribe subscribebox subscribeform signup optin mailinglist
        mailchimp mcembed convertkit emailsignup emailform emailcapture leadform leadgen mailpoet sumome substack""",
    "advert": """
        promo promos promotion promotions promobox banner banners ad ads adv advert adverts advertisement
        advertisements advertising advertorial adunit adslot adbox adcontainer adwrapper adplaceholder adsense
        adsbygoogle googlead dfp gpt sponsor sponsors sponsored sponsorship affiliate affiliates outbrain taboola
        revcontent zergnet werbung anzeige anzeigen publicidad publicite publi reklama reklame annons mpu
        leaderboard billboard skyscraper partner partners commercial native buy buybox shop product products deal
        deals coupon cta calltoaction upsell adzone inlinead merch""",
    "nav": """
        nav navi navbar navigation navs menu menus submenu mainmenu megamenu navmenu breadcrumb breadcrumbs crumb
        crumbs pagination paginate pager paging pages pagenav pagelinks skip skiplink skiplinks skipto hamburger
        offcanvas drawer sitenav topnav globalnav masthead jump backtotop gototop totop tabs tab tablist sitemap
        quicklinks menuitem dropdown""",
    "footer": """
        footer foot footers sitefooter pagefooter copyright copy legal legals imprint impressum disclaimer
        disclaimers terms privacy colophon bottombar siteinfo fineprint""",
    "consent": "cookie cookies consent gdpr ccpa cookiebar cookielaw cmp",
    "sidebar": """
        sidebar sidebars widget widgets widgetarea aside asides rail rightrail leftrail rightcol leftcol
        rightcolumn leftcolumn secondary tertiary sidecolumn sidecol complementary siderail sticky marginalia""",
    "author": """
        author authors byline bylines authorname authorinfo writer contributor contributors autor autores auteur
        autore verfasser reporter bylineauthor credits postauthor articleauthor postedby writtenby""",
    "bio": """
        bio bios biography vcard authorbio authorbox aboutauthor aboutme aboutus profile avatar gravatar userinfo
        abouttheauthor""",
    "date": """
        date dates time times datetime timestamp dateline posted postedon published publishdate pubdate
        datepublished publishedat updated lastupdated datum fecha readtime readingtime timetoread modified
        postdate entrydate articledate""",
    "meta": """
        meta metadata metas metainfo metabar postmeta entrymeta articlemeta info details infos infoline stats
        views viewcount""",
    "caption": """
        caption captions figcaption wpcaption wpcaptiontext credit photocredit imagecredit imgcredit mediacaption
        imagecaption photocaption legend bildunterschrift copyrightimage imgcaption gallerycaption imagecopyright
        piedefoto""",
    "title": """
        title titles headline hed head heading headings posttitle entrytitle articletitle pagetitle storytitle
        kicker eyebrow overline rubric topline titre titulo ueberschrift""",
    "lead": """
        subtitle subheadline subhead subheading subheader deck dek standfirst lead lede leadtext intro introtext
        introduction summary excerpt abstract description chapeau chapo teasertext strapline sapo entradilla
        highlights keypoints takeaways tldr""",
    "tags": """
        tag tags taglist tagcloud tagline taglinks category categories cat cats topic topics label labels keyword
        keywords postcategories posttags entrytags entrycategories hashtags filedunder schlagworte etiquetas
        rubrik taxonomy catlinks""",
    "paywall": """
        paywall paywalled premium regwall registerwall meter metered piano subscriber subscribers subscription
        subscriptions locked lock gate gated gateway paid plus abo membersonly unlock offer offers""",
    "donation": """
        donate donation donations support supporter supporters patreon kofi contribute contribution contributions
        membership spende spenden epic""",
    "account": """
        login signin logon register registration account myaccount user usermenu member password auth profilemenu
        bookmark bookmarks save saved favorite favorites wishlist""",
    "search": "search searchform searchbox searchbar sitesearch suche buscador recherche",
    "tools": """
        print printer printfriendly tools tool toolbar toolbox actions action button buttons btn btns controls
        control fontsize utility utilities toggle close icon icons listen audioplayer texttospeech""",
    "player": """
        player video videos videoplayer jwplayer brightcove audio podcast podcasts embed embeds youtube vimeo
        playlist transcripttoggle""",
    "gallery": """
        gallery galleries slider slideshow carousel slides slide swiper slick lightbox thumbnails thumbs
        photogallery""",
    "content": """
        content contents contentbody maincontent article articles articlebody articlecontent articletext entry
        entries entrycontent post posts postbody postcontent posttext singlepost singlecontent story stories
        storybody storycontent storytext body bodytext bodycopy text texts textblock copytext richtext prose
        wysiwyg articulo artikel artikeltext artikelinhalt contenido contenu testo texto corpo cuerpo hentry
        markdown paragraph paragraphs page pagecontent main primary documentbody""",
    "notes": """
        toc tableofcontents footnote footnotes reference references reflist refs citation citations sources
        bibliography endnotes glossary""",
    "infobox": """
        infobox factbox faktabox box faktaruta fakta factsheet sidebox infokasten navbox hatnote correction
        corrections editorsnote update updates""",
    "quote": "quote quotes blockquote pullquote pull quotation testimonial testimonials zitat",
    "hidden": """
        hidden hide screenreader screenreadertext sronly srtext visuallyhidden assistivetext offscreen a11y
        accessibility invisible noprint printonly""",
    "card": """
        card cards tile tiles listing listings grid feed archive river storylist postlist loop thumbnail thumb
        collection stream ticker list items""",
    "popup": """
        modal modals popup popups overlay overlays dialog lightboxform toast notification notifications alert
        alerts interstitial push notice""",
    "answer": "answer answers question questions accepted faq faqs qa accordion answercell",
    "code": "code highlight highlighter syntax syntaxhighlighter codeblock snippet prettyprint sourcecode gist",
    "recipe": "recipe recipes ingredient ingredients instruction instructions method directions nutrition recipebody",
    "live": "liveblog live liveupdate liveupdates timeline keyevents liveentry",
    "address": "address contact contacts contactinfo tel phone email mail location map maps hours",
    "rating": """
        rating ratings stars review reviews score scores vote votes voting poll polls quiz survey upvote karma""",
    "weather": """
        weather stock stocks market markets scoreboard horoscope event events calendar jobs classifieds obituaries
        games crossword apps app download downloads appstore""",
    "logo": """
        logo logos brand branding sitetitle siteheader topbar header headerwrap header-top langs language
        languages lang edition""",
    "image": """
        image images img photo photos picture pictures media figure figures attachment featuredimage heroimage
        hero leadimage""",
    "links": "link links url linklist externallinks usefullinks",
    "anchor": "anchor headerlink anchorlink permalink permalinks headinganchor editsection mweditsection edit",
}  # fmt: skip
"""The words of each group; those of two words joined are found in both spellings (`read-more`, `readmore`)."""

_NEUTRAL = frozenset(
    _listed("""
    container containers wrapper wrappers wrap wraps inner outer block blocks section sections area areas module
    modules component components row rows col cols column columns left right top bottom middle item items element
    elements root base holder panel panels group groups unit default small large medium big new single full wide
    first last even odd active open closed js c o m u l is has the of for by in on and to a s site web view wp el
    amp mobile desktop dynamic static standard custom sub mod number count counter name names set line lines bar
    strip zone placeholder native inline style simple basic version type
""")
)
"""Words that say nothing themselves, and let the word before them speak."""

_MEANS: dict[str, int] = {}
for _i, _group in enumerate(GROUPS.values()):
    for _word in _group.replace("-", "").split():
        _MEANS[_word] = _MEANS.get(_word, 0) | 1 << _i

_CONTENT = 1 << list(GROUPS).index("content")

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_a-zA-Z]+")
_LOWER = re.compile("[a-z]+")
_HASHED = re.compile(r"(?:__|--|_|-)(?=[A-Za-z0-9+]*[A-Z0-9])(?=[A-Za-z0-9+]*[a-z])[A-Za-z0-9+]{5,10}$")
_GENERATED = ("css-", "sc-", "jsx-", "svelte-")
_POST_CLASS = re.compile(
    r"(?:^|\s)(?:hentry|single|single-post|archive|type-\w+|post-\d+|postid-\d+|status-publish|node-\d+)(?:\s|$)"
)
_OF_POST = ("tag-", "category-", "author-", "cat-", "term-", "topic-", "section-", "format-", "status-")
_LONGEST = 80
_MOST_NAMES = 24


@lru_cache(maxsize=1 << 16)
def name_bits(name: str) -> int:
    """The groups that one class name or id belongs to, a bit each, in the order of GROUPS."""
    words = _words_of(name)
    bits, at = 0, len(words)
    while at:
        pair = _MEANS.get(words[at - 2] + words[at - 1]) if at > 1 else None
        own = pair or _MEANS.get(words[at - 1])
        if own is None and words[at - 1] not in _NEUTRAL:
            break
        if own and not (bits and own == _CONTENT):  # `entry-meta` is meta, of an entry
            bits |= own
        at -= 2 if pair else 1
    return bits


def _words_of(name: str) -> list[str]:
    """The words of a name in lower case; none of what is no name but a rule of style."""
    if ":" in name or len(name) > _LONGEST or name.startswith(_GENERATED):
        return []
    if name.islower() and name.isascii():
        return _LOWER.findall(name)
    return [w.lower() for w in _PARTS.findall(_HASHED.sub("", name))]


def names_bits(names: str) -> int:
    """The groups of a class attribute's names together. Of a post's own classes those that name its subjects
    (`tag-donations` on WordPress) do not count."""
    bits = 0
    for name in names.split()[:_MOST_NAMES]:
        if not (name.startswith(_OF_POST) and _POST_CLASS.search(names)):
            bits |= name_bits(name)
    return bits


_TELLING = frozenset(
    _listed("""
    class id rel data-testid data-test data-test-id data-qa data-cy data-component data-component-name data-module
    data-block data-widget data-role data-element data-type data-name data-area data-region
""")
)


def signature_bits(signature: Signature) -> int:
    """The groups of all names of an element."""
    bits = 0
    for attribute, value in signature:
        if attribute in _TELLING:
            bits |= names_bits(value)
    return bits
