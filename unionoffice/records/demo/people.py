"""Invented people and organisations with numbers that pass their checks. Nobody of them exists."""

from datetime import date, timedelta
from random import Random

from unionoffice import identity
from unionoffice.identity import credit_check_character, id_check_character

SURNAMES = "陈王张林叶胡周吴徐杨朱李金蒋沈何郑应葛俞方邬戴赵孙冯童屠竺尤虞曾单仇"
SURNAME_WEIGHTS = [60 - n for n in range(len(SURNAMES))]
MALE = "伟强军勇涛明杰斌鹏飞浩宇建国志刚海波文俊晨凯峰亮平华康宁林森庆荣"
FEMALE = "芳娜敏静丽艳娟霞燕玲莉萍颖洁琳婷雪梅佳欣怡思雨春兰秀珍红菊琴"
LOCAL, OUTSIDE = (
    ("330226", "330225", "330203"),
    ("340825", "411525", "421127", "360730", "510921", "520524", "610924"),
)
PREFIXES = ("130", "135", "136", "137", "138", "139", "150", "151", "158", "159", "186", "187", "188", "189")
CREDIT_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class People:
    """An endless supply of people, the same for the same seed."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.taken: set[str] = set()

    def name(self, sex: str) -> str:
        given = MALE if sex == identity.MALE else FEMALE
        length = 1 if self.random.random() < 0.2 else 2
        return self.random.choices(SURNAMES, SURNAME_WEIGHTS)[0] + "".join(
            self.random.choices(given, k=length)
        )

    def birth(self, oldest: date, youngest: date) -> date:
        """Mostly people of middle age."""
        days = (youngest - oldest).days
        return oldest + timedelta(days=int(days * self.random.betavariate(2.4, 2.0)))

    def id_number(self, sex: str, born_on: date, is_local: bool) -> str:
        while True:
            serial = self.random.randrange(0, 499) * 2 + (1 if sex == identity.MALE else 2)
            body = f"{self.random.choice(LOCAL if is_local else OUTSIDE)}{born_on:%Y%m%d}{serial:03}"
            number = body + id_check_character(body)
            if number not in self.taken:
                self.taken.add(number)
                return number

    def mobile(self) -> str:
        return self.random.choice(PREFIXES) + f"{self.random.randrange(10**8):08}"

    def credit_code(self, prefix: str) -> str:
        body = prefix + "330226" + "".join(self.random.choices(CREDIT_CHARACTERS, k=9))
        return body + credit_check_character(body)
